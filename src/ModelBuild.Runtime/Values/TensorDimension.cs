using System.Globalization;

namespace ModelBuild.Runtime;

/// <summary>A dimension of a tensor in a model's signature: a size, a symbol such as <c>batch</c>, or unknown.</summary>
public readonly record struct TensorDimension
{
    // One more than the size, so that the default value is the unknown dimension.
    private readonly long _sizePlusOne;

    private TensorDimension(long? size, string? symbol)
    {
        _sizePlusOne = size + 1 ?? 0;
        Symbol = symbol;
    }

    /// <summary>A dimension that the model says nothing about.</summary>
    public static TensorDimension Unknown => default;

    /// <summary>The size, or null when it is not fixed.</summary>
    public long? Size => _sizePlusOne > 0 ? _sizePlusOne - 1 : null;

    /// <summary>The model's name for a dimension that is not fixed, or null. Equal symbols are equal sizes.</summary>
    public string? Symbol { get; }

    /// <summary>A fixed dimension.</summary>
    public static implicit operator TensorDimension(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new TensorDimension(size, null);
    }

    /// <summary>A dimension with a name.</summary>
    public static implicit operator TensorDimension(string symbol) => new(null, symbol);

    /// <summary>The size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
