namespace ModelBuild.Runtime.Values;

/// <summary>Represents a shape whose dynamic dimensions refer to the variables of a call.</summary>
internal sealed class ShapeTemplate
{
    // The dimensions. Each element is a size, or the bitwise complement of the index of a variable.
    private readonly long[] _sizes;

    public ShapeTemplate(long[] sizes)
    {
        _sizes = sizes;
        IsFixed = sizes.All(size => size >= 0);
        FixedElements = Product([.. sizes.Where(size => size >= 0)]);
    }

    public int Rank => _sizes.Length;

    /// <summary>Gets for each dimension the index of its variable; −1 for a fixed dimension.</summary>
    public int[] Axes => [.. _sizes.Select(size => size < 0 ? (int)~size : -1)];

    /// <summary>Gets the indices of the variables in the shape.</summary>
    public IEnumerable<int> Variables => Axes.Where(variable => variable >= 0);

    /// <summary>Gets whether all dimensions are fixed.</summary>
    public bool IsFixed { get; }

    /// <summary>Gets the product of the fixed dimensions, which is the number of elements when all are fixed.</summary>
    public long FixedElements { get; }

    /// <summary>Returns the number of elements of a shape; <see cref="long.MaxValue"/> when the product overflows.</summary>
    public static long Product(ReadOnlySpan<long> shape)
    {
        var elements = 1L;
        foreach (var size in shape)
            elements = Multiply(elements, size);
        return elements;
    }

    /// <summary>Returns the number of elements for the given variables.</summary>
    public long Elements(ReadOnlySpan<long> variables)
    {
        var elements = FixedElements;
        if (!IsFixed)
            foreach (var size in _sizes)
                if (size < 0)
                    elements = Multiply(elements, variables[(int)~size]);
        return elements;
    }

    /// <summary>Returns the size of the first dimension for the given variables.</summary>
    public long FirstSize(ReadOnlySpan<long> variables) => _sizes[0] >= 0 ? _sizes[0] : variables[(int)~_sizes[0]];

    /// <summary>
    /// Returns the product of all dimensions except those of a variable. The length of a tensor divided by this product is the size of the variable.
    /// </summary>
    public long ElementsWithout(int variable, ReadOnlySpan<long> variables)
    {
        var elements = FixedElements;
        foreach (var size in _sizes)
            if (size < 0 && ~size != variable)
                elements = Multiply(elements, variables[(int)~size]);
        return elements;
    }

    /// <summary>Determines whether a variable is the first dimension and no other one.</summary>
    public bool StartsWith(int variable) => _sizes.Length > 0 && _sizes[0] == ~(long)variable && !_sizes.AsSpan(1).Contains(~(long)variable);

    /// <summary>Determines whether a shape equals the shape for the given variables.</summary>
    public bool Matches(ReadOnlySpan<long> variables, ReadOnlySpan<long> shape)
    {
        if (shape.Length != _sizes.Length)
            return false;
        for (var axis = 0; axis < _sizes.Length; axis++)
            if (shape[axis] != (_sizes[axis] >= 0 ? _sizes[axis] : variables[(int)~_sizes[axis]]))
                return false;
        return true;
    }

    /// <summary>Writes the shape for the given variables.</summary>
    public void Fill(ReadOnlySpan<long> variables, Span<long> shape)
    {
        for (var axis = 0; axis < _sizes.Length; axis++)
            shape[axis] = _sizes[axis] >= 0 ? _sizes[axis] : variables[(int)~_sizes[axis]];
    }

    /// <summary>Multiplies two sizes. The sizes come from callers and files, so an overflow returns <see cref="long.MaxValue"/>.</summary>
    private static long Multiply(long a, long b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high == 0 && low >= 0 ? low : long.MaxValue;
    }
}
