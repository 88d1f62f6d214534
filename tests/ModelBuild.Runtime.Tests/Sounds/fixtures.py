"""Writes expected.txt: recordings that torchaudio and scipy prepare, and values from published formulas in numpy.

Debian 12: apt-get install python3-numpy python3-scipy python3-torchaudio; then /usr/bin/python3 fixtures.py.
Each line has tabs between the library, the description, the rate of the recording, its number of samples, the number of bands, the number of
frames (or samples), and the elements as base64 of float32 in the order bands, frames. The recording follows from a formula, so that it is not stored.
"""

import base64
import math
import os

import numpy as np
import torch
import torchaudio
from scipy import signal

torch.set_default_dtype(torch.float64)


def source(count):
    """Noise and triangle waves whose loudness rises and falls; integers only, so that each language gives the same samples."""
    i = np.arange(count, dtype=np.int64)
    noise = ((i * 7919 + i * i * 31) % 65_536 - 32_768) / 32_768
    low = np.abs(i % 100 - 50) / 25 - 1
    high = np.abs(i * 3 % 22 - 11) / 5.5 - 1
    loudness = (np.abs(i % 2400 - 1200) + 12) / 1300
    return ((noise * 0.2 + low * 0.5 + high * 0.25) * loudness).astype(np.float32).astype(np.float64)


lines = []


def add(library, description, rate, count, values):
    values = np.atleast_2d(np.asarray(values, dtype="<f4"))
    data = base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
    lines.append("\t".join(map(str, [library, description, rate, count, values.shape[0], values.shape[1], data])))


def spectrogram(samples, n_fft, hop, frame=None, window=torch.hann_window, pad_mode="reflect", power=2.0, periodic=True, center=True):
    transform = torchaudio.transforms.Spectrogram(
        n_fft=n_fft,
        win_length=frame or n_fft,
        hop_length=hop,
        power=power,
        window_fn=lambda n: window(n, periodic=periodic, dtype=torch.float64),
        center=center,
        pad_mode=pad_mode,
    )
    return transform(torch.from_numpy(samples)).numpy()


def banks(rate, bands, n_fft, low=0.0, high=None, scale="slaney", norm="slaney"):
    # torchaudio computes the filters with 32 bits, whose rounding is up to 2e-6 of a filter.
    return torchaudio.functional.melscale_fbanks(n_fft // 2 + 1, low, high or rate / 2, bands, rate, norm, scale).numpy().T.astype(np.float64)


# Filters of both scales and both norms.
for rate, bands, n_fft, hop, options, arguments in [
    (16_000, 20, 256, 128, "", {}),
    (16_000, 20, 256, 128, ", scale=htk", {"scale": "htk", "norm": None}),
    (16_000, 20, 256, 128, ", scale=htk, norm=slaney", {"scale": "htk"}),
    (16_000, 20, 256, 128, ", norm=none", {"norm": None}),
    (22_050, 24, 512, 256, ", fmin=60, fmax=7600", {"low": 60.0, "high": 7600.0}),
    (48_000, 16, 1024, 480, ", fmin=50, fmax=14000, scale=htk", {"low": 50.0, "high": 14_000.0, "scale": "htk", "norm": None}),
]:
    samples = source(4000)
    mel = banks(rate, bands, n_fft, **arguments) @ spectrogram(samples, n_fft, hop)
    add("torchaudio", f"rate({rate}) mel({bands}, {n_fft}, {hop}{options}) log", rate, 4000, np.log(np.maximum(mel, 1e-10)))

# Spectra of many lengths: powers of two, 400 = 2·8·25, 2 · 7 · 11, a prime, and one pair.
for n_fft, hop in [(64, 32), (400, 160), (154, 100), (2 * 37, 50), (6, 300), (2, 500), (100, 333)]:
    add("torch", f"rate(16000) stft({n_fft}, {hop}) frames(5)", 16_000, 2000, spectrogram(source(2000), n_fft, hop)[:, :5])
for name, window, periodic in [
    ("hamming", torch.hamming_window, True),
    ("hann-symmetric", torch.hann_window, False),
    ("hamming-symmetric", torch.hamming_window, False),
]:
    values = spectrogram(source(700), 64, 50, frame=49, window=window, pad_mode="constant", power=1.0, periodic=periodic)
    add("torch", f"rate(8000) stft(64, 50, window={name}, frame=49, center=zero, power=1)", 8000, 700, values)
values = spectrogram(source(500), 64, 40, window=lambda n, periodic, dtype: torch.ones(n, dtype=dtype), center=False)
add("torch", "rate(8000) stft(64, 40, window=rectangular, center=false)", 8000, 500, values)

# Whisper: the last frame is left out, and the logarithm is that of the published feature extractor.
samples = np.zeros(8000)
samples[:5600] = source(5600)
mel = banks(16_000, 80, 400) @ spectrogram(samples, 400, 160)[:, :-1]
log = np.log10(np.maximum(mel, 1e-10))
add("Whisper", "rate(16000) length(0.5) mel(80, 400, 160, drop-last=true) whisper", 16_000, 5600, (np.maximum(log, log.max() - 8) + 4) / 4)

# NeMo: pre-emphasis, symmetric window, zeros around, offset of 2^-24, each band normalized.
samples = source(5000)
emphasized = np.concatenate([samples[:1], samples[1:] - 0.97 * samples[:-1]])
mel = banks(16_000, 80, 512) @ spectrogram(emphasized, 512, 160, frame=400, pad_mode="constant", periodic=False)[:, :-1]
log = np.log(mel + 2.0**-24)
normalized = (log - log.mean(1, keepdims=True)) / (log.std(1, ddof=1, keepdims=True) + 1e-5)
description = "rate(16000) preemphasis(0.97) mel(80, 512, 160, frame=400, window=hann-symmetric, center=zero, drop-last=true) log(add=5.9604644775390625e-8)"
add("NeMo", description + " mean-variance", 16_000, 5000, normalized)

# YAMNet: magnitudes, triangles that are linear in mel, frames that start at the first sample.
frames = np.lib.stride_tricks.sliding_window_view(source(4000), 400)[::160]
magnitudes = np.abs(np.fft.rfft(frames * signal.get_window("hann", 400), 512)).T
edges = np.linspace(*(1127 * np.log(1 + np.array([125.0, 7500.0]) / 700)), 66)
bins = 1127 * np.log(1 + np.arange(257) * 16_000 / 512 / 700)
triangles = [np.maximum(0, np.minimum((bins - a) / (b - a), (c - bins) / (c - b))) for a, b, c in zip(edges, edges[1:], edges[2:])]
description = "rate(16000) mel(64, 512, 160, frame=400, center=false, power=1, fmin=125, fmax=7500, scale=kaldi) log(add=0.001)"
add("YAMNet", description, 16_000, 4000, np.log(np.array(triangles) @ magnitudes + 0.001))

# Kaldi, with the cepstral mean normalization of speaker models, and with the normalization of AST.
for description, arguments in [
    ("rate(16000) scale(32768) fbank(80, 400, 160) log cmn", {"num_mel_bins": 80, "scale": 32_768.0, "cmn": True}),
    (
        "rate(8000) fbank(23, 200, 80, window=hamming-symmetric, fmin=60, fmax=3600) log",
        {"num_mel_bins": 23, "sample_frequency": 8000.0, "window_type": "hamming", "low_freq": 60.0, "high_freq": 3600.0},
    ),
    (
        "rate(16000) fbank(128, 400, 160, window=hann-symmetric) log frames(24) mean(-4.2677393) std(9.1379948)",
        {"num_mel_bins": 128, "window_type": "hanning", "ast": True},
    ),
]:
    scale, cmn, ast = (arguments.pop(name, None) for name in ["scale", "cmn", "ast"])
    waveform = torch.from_numpy(source(3500))[None] * (scale or 1.0)
    values = torchaudio.compliance.kaldi.fbank(waveform, dither=0.0, snip_edges=True, **arguments).numpy().T
    if cmn:
        values = values - values.mean(1, keepdims=True)
    if ast:
        values = (np.pad(values, ((0, 0), (0, 24 - values.shape[1]))) + 4.2677393) / 9.1379948
    add("Kaldi", description, int(arguments.get("sample_frequency", 16_000)), 3500, values)

# librosa's power_to_db with top_db, PANNs' without.
power = banks(32_000, 64, 1024, 50.0, 14_000.0) @ spectrogram(source(6000), 1024, 320)
decibels = 10 * np.log10(np.maximum(power, 1e-10))
add("PANNs", "rate(32000) mel(64, 1024, 320, fmin=50, fmax=14000) db", 32_000, 6000, decibels)
decibels = 10 * np.log10(np.maximum(spectrogram(source(3000), 128, 300), 1e-10))
add("librosa", "rate(16000) stft(128, 300) db(1e-10, top=30)", 16_000, 3000, np.maximum(decibels, decibels.max() - 30))

# Samples.
samples = source(900)
add("Wav2Vec2", "rate(16000) mean-variance", 16_000, 900, (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7))

# Rates: scipy's polyphase filter with the window of RateFilter's documentation.
for old, new, count in [
    (44_100, 16_000, 2000),
    (48_000, 16_000, 1500),
    (8000, 16_000, 400),
    (22_050, 16_000, 1000),
    (16_000, 44_100, 300),
    (44_100, 48_000, 500),
    (44_101, 16_000, 1200),
]:
    divisor = math.gcd(old, new)
    up, down = new // divisor, old // divisor
    half = math.ceil(64 * max(1, old / new))
    time = np.arange(-half * up, half * up + 1) / up
    cutoff = 0.955 * min(1, new / old)
    window = cutoff * np.sinc(cutoff * time) * np.i0(8.96 * np.sqrt(np.maximum(1 - (time / half) ** 2, 0))) / np.i0(8.96)
    # scipy multiplies the filter by the rate of the intermediate signal.
    values = signal.resample_poly(source(count), up, down, window=window / up)
    add("scipy", f"rate({new})", old, count, values)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.txt"), "w", newline="\n") as file:
    file.write("\n".join(lines) + "\n")
