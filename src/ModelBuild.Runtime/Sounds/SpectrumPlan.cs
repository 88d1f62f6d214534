using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Computes the spectra of the frames of a recording, as many frames at once as a vector has elements.</summary>
/// <param name="spectrum">The description of the spectrum.</param>
/// <param name="rate">The sample rate in hertz.</param>
internal sealed class SpectrumPlan(AudioSpectrum spectrum, int rate)
{
    private readonly float[] _window = FrameWindow.Create(spectrum.Window, spectrum.FrameLength);
    private readonly FourierTransform _transform = new(spectrum.FftLength);
    private readonly MelFilters? _mel = spectrum.Mel is { } mel ? new MelFilters(mel, spectrum.FftLength, rate) : null;

    // The index in the transform at which a frame starts. A centred frame that is shorter than the transform is in the middle of it.
    private readonly int _offset = spectrum.Centering == AudioCentering.None ? 0 : ((spectrum.FftLength - spectrum.FrameLength) / 2) - (spectrum.FftLength / 2);

    /// <summary>Writes the spectra of the valid frames to a tensor.</summary>
    /// <param name="samples">The samples of the recording.</param>
    /// <param name="features">The tensor.</param>
    public void Write(ReadOnlySpan<float> samples, in FeatureTensor features)
    {
        var lanes = Vector<float>.Count;
        var vectors = _transform.Memory + _transform.Bins;
        using var buffer = new FloatBuffer((vectors * lanes) + spectrum.FrameLength);
        var memory = MemoryMarshal.Cast<float, Vector<float>>(buffer.Span[..(vectors * lanes)]);
        Span<Vector<float>> work = memory[.._transform.Memory],
            power = memory[_transform.Memory..];
        var frame = buffer.Span[(vectors * lanes)..];
        for (var first = 0; first < features.ValidFrames; first += lanes)
        {
            var count = Math.Min(lanes, features.ValidFrames - first);
            work[..spectrum.FftLength].Clear();
            for (var lane = 0; lane < count; lane++)
            {
                ReadFrame(samples, first + lane, frame);
                Spread(frame, MemoryMarshal.Cast<Vector<float>, float>(work), lane);
            }

            _transform.Power(work, power);
            if (spectrum.Power == 1)
                for (var i = 0; i < power.Length; i++)
                    power[i] = Vector.SquareRoot(power[i]);
            for (var band = 0; band < features.Bands; band++)
                features.Set(band, first, count, _mel is null ? power[band] : _mel.Apply(power, band));
        }
    }

    // Distributes the samples of a frame in the memory of the transform: first the even samples, and then the odd ones.
    private void Spread(ReadOnlySpan<float> frame, Span<float> work, int lane)
    {
        var lanes = Vector<float>.Count;
        var odd = spectrum.FftLength / 2 * lanes;
        for (var i = 0; i < frame.Length; i++)
            work[(i / 2 * lanes) + (i % 2 * odd) + lane] = frame[i];
    }

    private void ReadFrame(ReadOnlySpan<float> samples, int index, Span<float> frame)
    {
        var start = ((long)index * spectrum.Hop) + _offset;
        if (start >= 0 && start + frame.Length <= samples.Length)
            samples.Slice((int)start, frame.Length).CopyTo(frame);
        else
            for (var i = 0; i < frame.Length; i++)
                frame[i] = SampleAt(samples, start + i);
        if (spectrum.RemovesMean)
            TensorPrimitives.Subtract(frame, TensorPrimitives.Sum<float>(frame) / frame.Length, frame);
        if (spectrum.Preemphasis != 0)
        {
            // In the pre-emphasis, the sample before the first one equals the first one, as in Kaldi.
            Preemphasis.Apply(frame, (float)spectrum.Preemphasis);
            frame[0] -= (float)spectrum.Preemphasis * frame[0];
        }

        TensorPrimitives.Multiply(frame, _window, frame);
    }

    private float SampleAt(ReadOnlySpan<float> samples, long index)
    {
        if (index >= 0 && index < samples.Length)
            return samples[(int)index];
        if (spectrum.Centering != AudioCentering.Reflect)
            return 0;
        if (samples.Length == 1)
            return samples[0];
        // The recording is reflected at its first and its last sample, which are not repeated. A short recording is reflected several times.
        var period = 2 * (samples.Length - 1);
        var place = (int)(Math.Abs(index) % period);
        return samples[Math.Min(place, period - place)];
    }
}
