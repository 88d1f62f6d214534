using System.Runtime.InteropServices;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>Contains the methods that write recordings as the input of a call.</summary>
public sealed partial class ModelCall
{
    /// <summary>
    /// Prepares a recording and writes it as an input of the call. All dimensions of the input before the samples, or before the bands and frames, have the
    /// size 1.
    /// </summary>
    /// <typeparam name="T">The element type of the input: <see cref="float"/> or <see cref="Half"/>.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="preparation">The preparation.</param>
    /// <param name="samples">The samples, −1 to 1: for each point in time one of each channel.</param>
    /// <param name="rate">The sample rate in hertz.</param>
    /// <param name="channels">The number of channels, which are averaged.</param>
    /// <exception cref="ArgumentException">The recording is empty or too short, or the prepared recording does not fit the input.</exception>
    public void WriteAudio<T>(int input, AudioPreparation preparation, ReadOnlySpan<float> samples, int rate, int channels)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(preparation);
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
            var buffer = (TensorBuffer<T>)_tensors.Inputs[input];
            SetShape(input, buffer, AudioShape(buffer.Contract, preparation.Layout, preparation.Size(samples.Length / channels, rate), stackalloc long[8]));
            if (typeof(T) == typeof(float))
                preparation.Write(samples, rate, channels, MemoryMarshal.Cast<T, float>(buffer.Span));
            else
                preparation.Write(samples, rate, channels, MemoryMarshal.Cast<T, Half>(buffer.Span));
        }
        catch (ArgumentException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>Writes a prepared chunk of a stream as an input of the call.</summary>
    /// <typeparam name="T">The element type of the input: <see cref="float"/> or <see cref="Half"/>.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="preparation">The preparation.</param>
    /// <param name="size">The size of the chunk.</param>
    /// <param name="chunk">The prepared chunk.</param>
    /// <exception cref="ArgumentException">The chunk does not fit the input.</exception>
    public void WriteAudioChunk<T>(int input, AudioPreparation preparation, AudioSize size, ReadOnlySpan<T> chunk)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(preparation);
        var buffer = (TensorBuffer<T>)_tensors.Inputs[input];
        WriteShaped(input, chunk, AudioShape(buffer.Contract, preparation.Layout, size, stackalloc long[8]));
    }

    // Returns the shape of an input for audio. Models differ in the number of dimensions of size 1 before the samples, which stand for batches and channels.
    private static ReadOnlySpan<long> AudioShape(TensorContract contract, AudioLayout layout, AudioSize size, Span<long> shape)
    {
        shape = shape[..contract.Shape!.Count];
        shape.Fill(1);
        shape[^1] = layout == AudioLayout.FramesBands ? size.Bands : size.Length;
        if (layout != AudioLayout.Samples)
            shape[^2] = layout == AudioLayout.FramesBands ? size.Length : size.Bands;
        return shape;
    }
}
