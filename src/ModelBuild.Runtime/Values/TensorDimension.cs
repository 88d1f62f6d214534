using System.Globalization;

namespace ModelBuild.Runtime;

/// <summary>Represents a dimension of a tensor in the signature of a model: a size, a symbol such as <c>batch</c>, or neither.</summary>
public readonly record struct TensorDimension
{
    // The field holds the size plus one, so that the default value is a dimension without a size.
    private readonly long _sizePlusOne;

    private TensorDimension(long? size, string? symbol)
    {
        _sizePlusOne = size + 1 ?? 0;
        Symbol = symbol;
    }

    /// <summary>Gets a dimension with neither a size nor a symbol.</summary>
    public static TensorDimension Unknown => default;

    /// <summary>Gets the size; null for a dynamic dimension.</summary>
    public long? Size => _sizePlusOne > 0 ? _sizePlusOne - 1 : null;

    /// <summary>Gets the symbol of a dynamic dimension, or null. Dimensions with equal symbols have equal sizes in a call.</summary>
    public string? Symbol { get; }

    /// <summary>Converts a size to a fixed dimension.</summary>
    /// <param name="size">The size, which is not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public static implicit operator TensorDimension(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new TensorDimension(size, null);
    }

    /// <summary>Converts a symbol to a dynamic dimension.</summary>
    /// <param name="symbol">The symbol.</param>
    public static implicit operator TensorDimension(string symbol) => new(null, symbol);

    /// <summary>Returns the size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
