using System.ComponentModel;
using ModelBuild.Runtime;

namespace ModelBuild.Text;

/// <summary>Writes encoded texts to the inputs of a model. Generated code uses this class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TextInputs
{
    private readonly int _ids;
    private readonly int _mask;
    private readonly int _types;
    private readonly int _length;

    /// <summary>Initializes a new instance of the <see cref="TextInputs"/> class for inputs of shape <c>[rows, length]</c>.</summary>
    /// <param name="ids">The index of the input of token ids.</param>
    /// <param name="mask">The index of the input of the attention mask; -1 if the model has none.</param>
    /// <param name="types">The index of the input of type ids; -1 if the model has none.</param>
    /// <param name="length">The number of tokens of each row; 0 if the model takes any number.</param>
    public TextInputs(int ids, int mask, int types, int length) => (_ids, _mask, _types, _length) = (ids, mask, types, length);

    /// <summary>
    /// Writes encoded texts to the inputs of a call. If the model has a fixed number of tokens, the rows are filled with padding to that number.
    /// </summary>
    /// <typeparam name="T">The element type of the inputs: <see cref="long"/> or <see cref="int"/>.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="batch">The texts.</param>
    /// <returns>The texts with the padding that was written to the inputs.</returns>
    /// <exception cref="ArgumentException">A text has more tokens than the model takes, or the model takes another number of rows.</exception>
    public EncodedBatch Write<T>(ModelCall call, EncodedBatch batch)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(batch);
        if (_length != 0)
            batch = batch.WithLength(_length);
        Write<T>(call, _ids, batch, batch.Ids);
        Write<T>(call, _mask, batch, batch.Mask);
        Write<T>(call, _types, batch, batch.TypeIds);
        return batch;
    }

    private static void Write<T>(ModelCall call, int input, EncodedBatch batch, long[] values)
        where T : unmanaged
    {
        if (input < 0)
            return;
        ReadOnlySpan<long> shape = [batch.Rows, batch.Length];
        if (typeof(T) == typeof(long))
            call.WriteShaped<long>(input, values, shape);
        else
            call.WriteShaped<int>(input, Array.ConvertAll(values, value => (int)value), shape);
    }
}
