using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Generation;

/// <summary>
/// Holds the keys and values that a decoder returned last. They stay in the memory in which ONNX Runtime created them, on the device of the model, and are
/// inputs of the next call without a copy.
/// </summary>
internal sealed class DecoderCache : IDisposable
{
    private readonly ModelContract _contract;
    private readonly DecoderLayout _layout;
    private readonly OrtValue[] _values;
    private readonly long _bytesPerToken;
    private long _encoderBytes;

    public DecoderCache(ModelContract contract, DecoderLayout layout)
    {
        (_contract, _layout) = (contract, layout);
        _values = [.. layout.Pairs.Select(Empty)];
        _bytesPerToken = layout.Pairs.Where(pair => pair.Grows).Sum(pair => Bytes(pair, 1));
    }

    /// <summary>Gets the number of tokens whose keys and values are in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the cached value of each pair of an input and an output in the layout of the decoder.</summary>
    public IReadOnlyList<OrtValue> Values => _values;

    /// <summary>
    /// Returns the number of bytes that the cache has with a number of tokens. The keys and values of the encoder's result are included once they are computed.
    /// </summary>
    public long BytesAt(int length) => (_bytesPerToken * length) + _encoderBytes;

    /// <summary>
    /// Returns whether a call must return the output of a pair. The keys and values of the encoder's result are returned by the first call only.
    /// </summary>
    public bool Takes(DecoderPair pair) => pair.Grows || Length == 0;

    /// <summary>Replaces the cached values by the outputs of a call, and releases the previous values.</summary>
    /// <param name="outputs">The outputs of the pairs that the call returned (<see cref="Takes"/>), in their order.</param>
    /// <param name="length">The number of tokens that have been in all calls.</param>
    /// <exception cref="InvalidOperationException">An output has another length. The caller keeps the outputs, and the cache is unchanged.</exception>
    public void Replace(ReadOnlySpan<OrtValue> outputs, int length)
    {
        int[] taken = [.. Enumerable.Range(0, _values.Length).Where(index => Takes(_layout.Pairs[index]))];
        var encoderBytes = _encoderBytes;
        for (var i = 0; i < taken.Length; i++)
        {
            var pair = _layout.Pairs[taken[i]];
            var shape = outputs[i].GetTensorTypeAndShape().Shape;
            var found = pair.LengthAxis < shape.Length ? shape[pair.LengthAxis] : -1;
            if (pair.Grows && found != length)
                throw new InvalidOperationException(
                    $"Output '{_contract.Outputs[pair.Output].Name}' has the shape [{string.Join(", ", shape)}], and after {length} tokens the cache "
                        + $"'{_contract.Inputs[pair.Input].Name}' needs {length} entries in dimension {pair.LengthAxis}. The stream keeps its tokens from "
                        + "before this call."
                );
            if (!pair.Grows)
                encoderBytes += Bytes(pair, found);
        }

        for (var i = 0; i < taken.Length; i++)
        {
            _values[taken[i]].Dispose();
            _values[taken[i]] = outputs[i];
        }

        (Length, _encoderBytes) = (length, encoderBytes);
    }

    /// <summary>Removes all tokens from the cache.</summary>
    public void Clear()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i].Dispose();
            _values[i] = Empty(_layout.Pairs[i]);
        }

        (Length, _encoderBytes) = (0, 0);
    }

    public void Dispose()
    {
        foreach (var value in _values)
            value.Dispose();
    }

    private long Bytes(DecoderPair pair, long length) =>
        Shape(pair, length).Aggregate(1L, (product, size) => product * size) * DecoderTensors.Bytes(_contract.Inputs[pair.Input]);

    private OrtValue Empty(DecoderPair pair) => DecoderTensors.Create(_contract.Inputs[pair.Input], Shape(pair, 0));

    private long[] Shape(DecoderPair pair, long length) =>
        [
            .. _contract
                .Inputs[pair.Input]
                .Shape!.Select(
                    (size, axis) =>
                        axis == pair.LengthAxis ? length
                        : axis == pair.BatchAxis ? 1
                        : size.Size!.Value
                ),
        ];
}
