import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, thisMachine } from '../tensorflow-location.mjs';

/**
 * The wheels that `tensorflow[and-cuda]` 2.21.0 names for Linux x64, pinned, with the libraries of each that are
 * loaded: `libraries` in the order in which they are opened, each after those that it needs, TensorFlow's last; `beside`
 * are opened by these when they need them (some want NVIDIA's driver, so they cannot be tried without). Sizes and
 * hashes were read from the wheels themselves, which pip fetched. nvidia-cuda-nvcc is left out: it holds a compiler
 * and what it needs, and no library that is loaded without XLA (docs/decisions/0020).
 */
const wheels = [
  {
    package: 'nvidia-cuda-runtime-cu12',
    version: '12.9.79',
    wheel: 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    platformTag: 'manylinux2014_x86_64',
    wheelBytes: 3_493_179,
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
    folder: 'nvidia/cuda_runtime/lib',
    libraries: ['libcudart.so.12'],
    libraryBytes: 741_088,
  },
  {
    package: 'nvidia-nvjitlink-cu12',
    version: '12.9.86',
    wheel: 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    platformTag: 'manylinux2010_x86_64',
    wheelBytes: 39_748_338,
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
    folder: 'nvidia/nvjitlink/lib',
    libraries: ['libnvJitLink.so.12'],
    libraryBytes: 95_935_344,
  },
  {
    package: 'nvidia-cublas-cu12',
    version: '12.9.3.13',
    wheel: 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 581_217_458,
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
    folder: 'nvidia/cublas/lib',
    libraries: ['libcublasLt.so.12', 'libcublas.so.12'],
    libraryBytes: 854_310_592,
  },
  {
    package: 'nvidia-cufft-cu12',
    version: '11.4.1.4',
    wheel: 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    platformTag: 'manylinux2014_x86_64',
    wheelBytes: 200_877_592,
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
    folder: 'nvidia/cufft/lib',
    libraries: ['libcufft.so.11'],
    libraryBytes: 291_507_928,
  },
  {
    package: 'nvidia-curand-cu12',
    version: '10.3.10.19',
    wheel: 'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 68_295_626,
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
    folder: 'nvidia/curand/lib',
    libraries: ['libcurand.so.10'],
    libraryBytes: 166_965_432,
  },
  {
    package: 'nvidia-cusparse-cu12',
    version: '12.5.10.65',
    wheel: 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    platformTag: 'manylinux2014_x86_64',
    wheelBytes: 366_465_088,
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
    folder: 'nvidia/cusparse/lib',
    libraries: ['libcusparse.so.12'],
    libraryBytes: 486_556_368,
  },
  {
    package: 'nvidia-cusolver-cu12',
    version: '11.7.5.82',
    wheel: 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 338_117_415,
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
    folder: 'nvidia/cusolver/lib',
    libraries: ['libcusolver.so.11'],
    libraryBytes: 302_024_152,
  },
  {
    package: 'nvidia-cuda-nvrtc-cu12',
    version: '12.9.86',
    wheel: 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    platformTag: 'manylinux2010_x86_64',
    wheelBytes: 89_568_129,
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
    folder: 'nvidia/cuda_nvrtc/lib',
    libraries: ['libnvrtc.so.12'],
    beside: ['libnvrtc-builtins.so.12.9'],
    libraryBytes: 113_447_240,
  },
  {
    package: 'nvidia-cudnn-cu12',
    version: '9.28.0.42',
    wheel: 'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 716_538_495,
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
    folder: 'nvidia/cudnn/lib',
    libraries: ['libcudnn.so.9'],
    beside: [
      'libcudnn_graph.so.9',
      'libcudnn_ops.so.9',
      'libcudnn_cnn.so.9',
      'libcudnn_adv.so.9',
      'libcudnn_ext.so.9',
      'libcudnn_heuristic.so.9',
      'libcudnn_engines_precompiled.so.9',
      'libcudnn_engines_runtime_compiled.so.9',
      'libcudnn_engines_tensor_ir.so.9',
    ],
    libraryBytes: 1_162_393_472,
  },
  {
    package: 'nvidia-nccl-cu12',
    version: '2.32.3',
    wheel: 'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 351_526_311,
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
    folder: 'nvidia/nccl/lib',
    libraries: ['libnccl.so.2'],
    libraryBytes: 473_614_536,
  },
  {
    package: 'nvidia-cuda-cupti-cu12',
    version: '12.8.90',
    wheel: 'nvidia_cuda_cupti_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    platformTag: 'manylinux2014_x86_64',
    wheelBytes: 10_248_621,
    sha256: 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
    folder: 'nvidia/cuda_cupti/lib',
    libraries: ['libcupti.so.12'],
    libraryBytes: 7_595_792,
  },
  {
    package: 'tensorflow',
    version: '2.21.0',
    wheel: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    platformTag: 'manylinux_2_27_x86_64',
    wheelBytes: 572_440_367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    folder: 'tensorflow',
    libraries: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
    libraryBytes: 1_259_021_080,
  },
];

const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);

export const cudaRelease = {
  version: '2.21.0',
  wheels,
  downloadBytes: sum(wheels.map(({ wheelBytes }) => wheelBytes)),
  libraryBytes: sum(wheels.map(({ libraryBytes }) => libraryBytes)),
};

/**
 * Where the CUDA build's libraries lie, whether or not they are there already: all in one folder, which appears whole,
 * by renaming. Null where there is no such build.
 */
export function locateCuda(machine = thisMachine()) {
  if (machine.platform !== 'linux' || machine.arch !== 'x64') return null;
  const folder = path.posix.join(cacheFolder(machine), `tensorflow-cuda-${cudaRelease.version}-linux-x64`);
  const inFolder = (name) => path.posix.join(folder, name);
  return {
    folder,
    cc: inFolder('libtensorflow_cc.so.2'),
    framework: inFolder('libtensorflow_framework.so.2'),
    version: cudaRelease.version,
    nvidia: wheels
      .filter((wheel) => wheel.package !== 'tensorflow')
      .flatMap((wheel) => wheel.libraries.map(inFolder)),
  };
}

/** Whether the libraries are in the cache. */
export function cudaIsThere(place = locateCuda()) {
  return place !== null && fs.existsSync(place.cc);
}
