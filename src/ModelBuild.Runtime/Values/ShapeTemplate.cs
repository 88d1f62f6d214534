namespace ModelBuild.Runtime.Values;

/// <summary>A shape with places for the dimensions that each call brings.</summary>
internal sealed class ShapeTemplate
{
    // A size, or the complement of a variable's index.
    private readonly long[] _sizes;

    public ShapeTemplate(long[] sizes)
    {
        _sizes = sizes;
        IsFixed = sizes.All(size => size >= 0);
        FixedElements = Product([.. sizes.Where(size => size >= 0)]);
    }

    public int Rank => _sizes.Length;

    /// <summary>For each dimension the variable that gives its size; −1 where it is fixed.</summary>
    public int[] Axes => [.. _sizes.Select(size => size < 0 ? (int)~size : -1)];

    /// <summary>The variables that the shape has.</summary>
    public IEnumerable<int> Variables => Axes.Where(variable => variable >= 0);

    /// <summary>Whether no call changes it.</summary>
    public bool IsFixed { get; }

    /// <summary>The product of the sizes that no call changes: all elements when the shape is fixed.</summary>
    public long FixedElements { get; }

    /// <summary>The number of elements of a shape; as good as infinite when it does not fit.</summary>
    public static long Product(ReadOnlySpan<long> shape)
    {
        var elements = 1L;
        foreach (var size in shape)
            elements = Multiply(elements, size);
        return elements;
    }

    /// <summary>The number of elements.</summary>
    public long Elements(ReadOnlySpan<long> variables)
    {
        var elements = FixedElements;
        if (!IsFixed)
            foreach (var size in _sizes)
                if (size < 0)
                    elements = Multiply(elements, variables[(int)~size]);
        return elements;
    }

    /// <summary>The number of elements for a size 1 of the variable: what a length is divided by to get it.</summary>
    public long ElementsWithout(int variable, ReadOnlySpan<long> variables)
    {
        var elements = FixedElements;
        foreach (var size in _sizes)
            if (size < 0 && ~size != variable)
                elements = Multiply(elements, variables[(int)~size]);
        return elements;
    }

    /// <summary>Whether a variable is the first dimension, and no other.</summary>
    public bool LeadsWith(int variable) => _sizes.Length > 0 && _sizes[0] == ~(long)variable && !_sizes.AsSpan(1).Contains(~(long)variable);

    /// <summary>Whether a shape is the one that the variables give.</summary>
    public bool Gives(ReadOnlySpan<long> variables, ReadOnlySpan<long> shape)
    {
        if (shape.Length != _sizes.Length)
            return false;
        for (var axis = 0; axis < _sizes.Length; axis++)
            if (shape[axis] != (_sizes[axis] >= 0 ? _sizes[axis] : variables[(int)~_sizes[axis]]))
                return false;
        return true;
    }

    /// <summary>Writes the shape.</summary>
    public void Fill(ReadOnlySpan<long> variables, Span<long> shape)
    {
        for (var axis = 0; axis < _sizes.Length; axis++)
            shape[axis] = _sizes[axis] >= 0 ? _sizes[axis] : variables[(int)~_sizes[axis]];
    }

    /// <summary>Sizes come from outside: a product that does not fit is as good as infinite.</summary>
    private static long Multiply(long a, long b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high == 0 && low >= 0 ? low : long.MaxValue;
    }
}
