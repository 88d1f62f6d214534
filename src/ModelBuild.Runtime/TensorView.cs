using System.ComponentModel;
using System.Globalization;
using System.Numerics.Tensors;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents a tensor output of a call as a typed view of a buffer that the result owns. The view is valid until the result is disposed; afterwards its
/// members throw <see cref="ObjectDisposedException"/>, and spans that were taken before must not be used.
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

    /// <summary>Gets the elements in row-major order.</summary>
    public ReadOnlySpan<T> Span => Buffer.Span;

    /// <summary>Gets the shape of the tensor; it is empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => Buffer.Shape;

    /// <summary>Gets the number of dimensions.</summary>
    public int Rank => Buffer.Shape.Length;

    /// <summary>Gets the number of elements.</summary>
    public int Length => Buffer.Length;

    /// <summary>Gets the number of rows, which are the vectors along the last dimension. A scalar has one row.</summary>
    public int Rows => Shape is [.., var last] ? (last == 0 ? 0 : Length / (int)last) : 1;

    /// <summary>Gets the element of a tensor that has exactly one element.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not have exactly one element.</exception>
    public T Value => Span is [var value] ? value : throw new InvalidOperationException($"Output '{Buffer.Contract.Name}' has {Length} elements, not one.");

    /// <summary>Gets an element by its index in <see cref="Span"/>.</summary>
    /// <param name="index">The index in row-major order.</param>
    public T this[int index] => Span[index];

    /// <summary>Gets an element of a tensor with two dimensions.</summary>
    /// <param name="i">The index along the first dimension.</param>
    /// <param name="j">The index along the second dimension.</param>
    public T this[int i, int j] => At([i, j]);

    /// <summary>Gets an element of a tensor with three dimensions.</summary>
    /// <param name="i">The index along the first dimension.</param>
    /// <param name="j">The index along the second dimension.</param>
    /// <param name="k">The index along the third dimension.</param>
    public T this[int i, int j, int k] => At([i, j, k]);

    /// <summary>Gets an element of a tensor with four dimensions.</summary>
    /// <param name="i">The index along the first dimension.</param>
    /// <param name="j">The index along the second dimension.</param>
    /// <param name="k">The index along the third dimension.</param>
    /// <param name="l">The index along the fourth dimension.</param>
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

    /// <summary>Gets a row: the elements along the last dimension, such as the scores of one sample.</summary>
    /// <param name="row">The zero-based index of the row, counted over all other dimensions in row-major order.</param>
    /// <returns>The elements of the row.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is negative, or not less than <see cref="Rows"/>.</exception>
    public ReadOnlySpan<T> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        var width = Length / Rows;
        return Span.Slice(row * width, width);
    }

    /// <summary>Finds the largest element.</summary>
    /// <returns>The index of the largest element in <see cref="Span"/>.</returns>
    /// <exception cref="InvalidOperationException">The tensor or the row has no elements.</exception>
    public int ArgMax() => Highest(Span);

    /// <summary>Finds the largest element of a row, such as the best class of one sample.</summary>
    /// <param name="row">The index of the row; see <see cref="Row"/>.</param>
    /// <returns>The index of the largest element in the row.</returns>
    /// <exception cref="InvalidOperationException">The tensor or the row has no elements.</exception>
    public int ArgMax(int row) => Highest(Row(row));

    /// <summary>
    /// Gets the largest elements of a row in descending order, as the model returns them: <c>foreach (var (index, score) in result.Logits.Top(5))</c>.
    /// </summary>
    /// <param name="k">The number of elements, at least 1; all elements when the row has fewer.</param>
    /// <param name="row">The index of the row; see <see cref="Row"/>.</param>
    /// <returns>The indices and values of the elements.</returns>
#pragma warning disable RS0027 // The overload with more parameters is for generated code, which names all of them.
    public (int Index, T Score)[] Top(int k, int row = 0)
#pragma warning restore RS0027
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var scores = Row(row).ToArray();
        return Array.ConvertAll(Scores.Highest<T>(scores, k), index => (index, scores[index]));
    }

    /// <summary>Gets the most probable classes of a row in descending order. Generated code uses it.</summary>
    /// <param name="labels">The names of the classes by index; a class without a name gets its index as the name.</param>
    /// <param name="kind">The kind of the elements of the row.</param>
    /// <param name="k">The number of classes, at least 1; all classes when there are fewer.</param>
    /// <param name="row">The index of the row; see <see cref="Row"/>.</param>
    /// <returns>The classes and their probabilities.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IReadOnlyList<LabelScore> Top(IReadOnlyList<string> labels, ScoreKind kind, int k, int row)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        // The classes are ordered by score, because several scores near 1 can have the same probability after rounding.
        var scores = ClassScores(row);
        var probabilities = Scores.Probabilities(scores, kind);
        return Array.ConvertAll(
            Scores.Highest(scores, k),
            index => new LabelScore(index < labels.Count ? labels[index] : index.ToString(CultureInfo.InvariantCulture), probabilities[index])
        );
    }

    /// <summary>Computes the softmax of a row of floating-point elements: positive numbers whose sum is 1.</summary>
    /// <param name="row">The index of the row; see <see cref="Row"/>.</param>
    /// <returns>The softmax, one number for each element.</returns>
    /// <exception cref="NotSupportedException">The element type is not a floating-point type.</exception>
    public T[] Softmax(int row = 0) => Scores.Softmax(Row(row));

    /// <summary>Copies the elements to a new array in row-major order.</summary>
    /// <returns>The array.</returns>
    public T[] ToArray() => Span.ToArray();

    /// <summary>Copies the elements to a span.</summary>
    /// <param name="destination">The span, which must be at least as long as the tensor.</param>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public void CopyTo(Span<T> destination)
    {
        var span = Span;
        if (destination.Length < span.Length)
            throw new ArgumentException(
                $"Output '{Buffer.Contract.Name}' has the shape {Describe()}, {span.Length} elements; the destination has room for {destination.Length}.",
                nameof(destination)
            );
        span.CopyTo(destination);
    }

    /// <summary>Gets the elements as a tensor span of System.Numerics.Tensors without copying them.</summary>
    /// <returns>The tensor span, which is valid as long as this view.</returns>
    public ReadOnlyTensorSpan<T> AsTensorSpan()
    {
        var shape = Shape;
        Span<nint> lengths = shape.Length <= 16 ? stackalloc nint[shape.Length] : new nint[shape.Length];
        for (var i = 0; i < shape.Length; i++)
            lengths[i] = (nint)shape[i];
        return new ReadOnlyTensorSpan<T>(Span, lengths);
    }

    /// <summary>Returns the element type and the shape, such as <c>float32[1, 10]</c>.</summary>
    public override string ToString() => _buffer is null || _call!.Version != _version ? "disposed" : _buffer.Contract.Type + Describe();

    private static int Highest(ReadOnlySpan<T> span) =>
        span.Length > 0 ? HighestElement.IndexOf(span) : throw new InvalidOperationException("The tensor or the row has no elements.");

    // Convolutions and pooling leave one score for each class in a tensor of four dimensions, [rows, classes, 1, 1].
    private ReadOnlySpan<T> ClassScores(int row)
    {
        if (Shape is not [var rows, var classes, 1, 1])
            return Row(row);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, rows);
        return Span.Slice(row * (int)classes, (int)classes);
    }

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
