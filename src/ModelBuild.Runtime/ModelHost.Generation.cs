using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelBuild.Runtime.Generation;

namespace ModelBuild.Runtime;

/// <content>Contains the methods that open the texts of a decoder.</content>
public sealed partial class ModelHost
{
    /// <summary>Opens a stream in which a decoder generates a text.</summary>
    /// <param name="maxLength">The largest number of tokens of the text; at least 1.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is less than 1.</exception>
    /// <exception cref="NotSupportedException">The model is not a decoder with a cache, or it takes the result of an encoder.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public GenerationStream OpenGeneration(int maxLength)
    {
        var layout = Decoder(maxLength, hasEncoder: false);
        return new GenerationStream(this, layout, null, maxLength);
    }

    /// <summary>Opens a stream in which a decoder that takes the output of an encoder as an input generates a text.</summary>
    /// <typeparam name="T">The element type of the encoder's result.</typeparam>
    /// <param name="encoderStates">The result of the encoder for one row, [tokens, width] in row-major order. It is copied.</param>
    /// <param name="maxLength">The largest number of tokens of the text; at least 1.</param>
    /// <returns>The stream.</returns>
    /// <exception cref="ArgumentException">
    /// The encoder's result is empty, its length is not a multiple of the width, or its element type is not that of the input.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> is less than 1.</exception>
    /// <exception cref="NotSupportedException">The model is not a decoder with a cache, or it takes no result of an encoder.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public GenerationStream OpenGeneration<T>(ReadOnlySpan<T> encoderStates, int maxLength)
        where T : unmanaged
    {
        var layout = Decoder(maxLength, hasEncoder: true);
        var contract = Contract.Inputs[layout.EncoderStates];
        var width = contract.Shape![2].Size!.Value;
        if (encoderStates.Length == 0 || encoderStates.Length % width != 0)
            throw new ArgumentException(
                $"Input '{contract.Name}' takes {contract}: a multiple of {width} elements. {encoderStates.Length} were given.",
                nameof(encoderStates)
            );
        if (Unsafe.SizeOf<T>() != DecoderTensors.Bytes(contract))
            throw new ArgumentException($"Input '{contract.Name}' takes {contract}, and not elements of the type {typeof(T)}.", nameof(encoderStates));
        var states = DecoderTensors.Create(contract, 1, encoderStates.Length / width, width);
        encoderStates.CopyTo(MemoryMarshal.Cast<byte, T>(states.GetTensorMutableRawData()));
        return new GenerationStream(this, layout, states, maxLength);
    }

    private DecoderLayout Decoder(int maxLength, bool hasEncoder)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        ThrowIfDisposed();
        return
            Contract.Stages.Count == 0
            && DecoderLayout.Find([.. Contract.Inputs.Select(input => input.Described)], [.. Contract.Outputs.Select(output => output.Described)]) is { } layout
            && layout.EncoderStates >= 0 == hasEncoder
            ? layout
            : throw new NotSupportedException(
                $"{Contract.Name} is not a decoder with a cache {(hasEncoder ? "and" : "without")} an encoder, or the model is cut into stages."
            );
    }
}
