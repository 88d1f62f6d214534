using System.ComponentModel;
using System.Globalization;
using System.Numerics.Tensors;
using ModelBuild.Runtime.Tensors;

namespace ModelBuild.Runtime;

/// <summary>
/// An output of a call: a typed view on a buffer that the result owns. It is valid until the result is disposed, and throws
/// <see cref="ObjectDisposedException"/> from then on; spans that were taken before must not be used any more.
/// </summary>
/// <typeparam name="T">The element type; float16 is <see cref="Half"/>.</typeparam>
public readonly struct TensorView<T>
{
    private readonly TensorBuffer<T>? _buffer;
    private readonly ModelCall? _call;
    private readonly long _version;

    internal TensorView(TensorBuffer<T> buffer, ModelCall call, long version)
    {
        _buffer = buffer;
        _call = call;
        _version = version;
    }

    /// <summary>The elements, row by row.</summary>
    public ReadOnlySpan<T> Span => Buffer.Span;

    /// <summary>The dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => Buffer.Shape;

    /// <summary>The number of dimensions.</summary>
    public int Rank => Buffer.Shape.Length;

    /// <summary>The number of elements.</summary>
    public int Length => Buffer.Length;

    /// <summary>The number of rows: of runs along the last dimension. A scalar has one.</summary>
    public int Rows => Shape is [.., var last] ? (last == 0 ? 0 : Length / (int)last) : 1;

    /// <summary>The element of a tensor that has only one.</summary>
    /// <exception cref="InvalidOperationException">There are more, or none.</exception>
    public T Value => Span is [var value] ? value : throw new InvalidOperationException($"Output '{Buffer.Contract.Name}' has {Length} elements, not one.");

    /// <summary>An element by its place in <see cref="Span"/>.</summary>
    public T this[int index] => Span[index];

    /// <summary>An element of a tensor with two dimensions.</summary>
    public T this[int i, int j] => At([i, j]);

    /// <summary>An element of a tensor with three dimensions.</summary>
    public T this[int i, int j, int k] => At([i, j, k]);

    /// <summary>An element of a tensor with four dimensions.</summary>
    public T this[int i, int j, int k, int l] => At([i, j, k, l]);

    private TensorBuffer<T> Buffer
    {
        get
        {
            if (_buffer is not null && _call!.Version == _version)
                return _buffer;
            throw new ObjectDisposedException(nameof(TensorView<T>), "The result that this view belongs to is disposed.");
        }
    }

    /// <summary>A row: the elements along the last dimension, such as the scores of one sample.</summary>
    /// <param name="row">Its number, counted over all other dimensions.</param>
    public ReadOnlySpan<T> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        var width = Length / Rows;
        return Span.Slice(row * width, width);
    }

    /// <summary>The place of the highest element in <see cref="Span"/>; with one row, its place in the row.</summary>
    /// <exception cref="InvalidOperationException">There are no elements.</exception>
    public int ArgMax() => Highest(Span);

    /// <summary>The place of the highest element of a row, such as the best class of one sample.</summary>
    /// <param name="row">The row; see <see cref="Row"/>.</param>
    /// <exception cref="InvalidOperationException">There are no elements.</exception>
    public int ArgMax(int row) => Highest(Row(row));

    /// <summary>The highest elements of a row as the model gives them, the highest first: <c>foreach (var (index, score) in result.Logits.Top(5))</c>.</summary>
    /// <param name="k">How many; all, when the row has fewer.</param>
    /// <param name="row">The row; see <see cref="Row"/>.</param>
#pragma warning disable RS0027 // The overload with more parameters is for generated code, which names all of them.
    public (int Index, T Score)[] Top(int k, int row = 0)
#pragma warning restore RS0027
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var scores = Row(row).ToArray();
        return Array.ConvertAll(Scores.Highest<T>(scores, k), index => (index, scores[index]));
    }

    /// <summary>The most probable classes of a row, the most probable first. For generated code.</summary>
    /// <param name="labels">The names of the classes; one that is not there is its number.</param>
    /// <param name="kind">What the elements are.</param>
    /// <param name="k">How many; all, when there are fewer classes.</param>
    /// <param name="row">The row; see <see cref="Row"/>.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IReadOnlyList<LabelScore> Top(IReadOnlyList<string> labels, ScoreKind kind, int k, int row)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        // The order is that of the scores themselves: probabilities of 1 and of nearly 1 may be one number.
        var scores = Row(row);
        var probabilities = Scores.Probabilities(scores, kind);
        return Array.ConvertAll(
            Scores.Highest(scores, k),
            index => new LabelScore(index < labels.Count ? labels[index] : index.ToString(CultureInfo.InvariantCulture), probabilities[index])
        );
    }

    /// <summary>The softmax of a row: positive numbers whose sum is 1. For floats.</summary>
    /// <param name="row">The row; see <see cref="Row"/>.</param>
    /// <exception cref="NotSupportedException">The elements are no floats.</exception>
    public T[] Softmax(int row = 0) => Scores.Softmax(Row(row));

    /// <summary>Copies the elements.</summary>
    public T[] ToArray() => Span.ToArray();

    /// <summary>Copies the elements into a buffer that is at least as long.</summary>
    /// <exception cref="ArgumentException">The buffer is too short.</exception>
    public void CopyTo(Span<T> destination)
    {
        var span = Span;
        if (destination.Length < span.Length)
            throw new ArgumentException(
                $"Output '{Buffer.Contract.Name}' has the shape {Describe()}, {span.Length} elements; the buffer has room for {destination.Length}.",
                nameof(destination)
            );
        span.CopyTo(destination);
    }

    /// <summary>The same elements as a tensor of System.Numerics.Tensors, without a copy.</summary>
    public ReadOnlyTensorSpan<T> AsTensorSpan()
    {
        var shape = Shape;
        Span<nint> lengths = shape.Length <= 16 ? stackalloc nint[shape.Length] : new nint[shape.Length];
        for (var i = 0; i < shape.Length; i++)
            lengths[i] = (nint)shape[i];
        return new ReadOnlyTensorSpan<T>(Span, lengths);
    }

    /// <summary>Element type and shape, such as <c>float32[1, 10]</c>.</summary>
    public override string ToString() => _buffer is null || _call!.Version != _version ? "disposed" : _buffer.Contract.Type + Describe();

    private static int Highest(ReadOnlySpan<T> span) =>
        span.Length > 0 ? HighestElement.IndexOf(span) : throw new InvalidOperationException("There are no elements.");

    private T At(ReadOnlySpan<int> place)
    {
        var shape = Shape;
        if (place.Length != shape.Length)
            throw new ArgumentException($"Output '{Buffer.Contract.Name}' has the shape {Describe()}; {place.Length} indices do not fit it.");
        var index = 0;
        for (var axis = 0; axis < place.Length; axis++)
        {
            if ((ulong)place[axis] >= (ulong)shape[axis])
                throw new ArgumentOutOfRangeException(nameof(place), place[axis], $"Output '{Buffer.Contract.Name}' has the shape {Describe()}.");
            index = (index * (int)shape[axis]) + place[axis];
        }

        return Span[index];
    }

    private string Describe() => $"[{string.Join(", ", Buffer.Shape)}]";
}
