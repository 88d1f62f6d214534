using ModelBuild.Runtime;

namespace ModelBuild.Serving.Requests;

/// <summary>
/// Limits the dimensions of inputs without elements. The number of bytes of a request does not limit these dimensions, and a model may have outputs with them
/// that are not empty.
/// </summary>
internal sealed class EmptyInputs
{
    private const long MaxProduct = 1_000_000;

    private readonly HashSet<string> _symbols = new(StringComparer.Ordinal);
    private long _product = 1;

    /// <summary>Adds an input of a request. Dimensions with a declared size are ignored, and a dimension that several inputs share counts once.</summary>
    /// <exception cref="FormatException">The input is empty, and the product of the other dimensions of the empty inputs is too large.</exception>
    public void Add(TensorContract contract, InferenceTensor tensor)
    {
        var shape = tensor.Shape!;
        if (Array.IndexOf(shape, 0) < 0)
            return;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var dimension = contract.Shape is { } declared && axis < declared.Count ? declared[axis] : TensorDimension.Unknown;
            if (shape[axis] == 0 || dimension.Size == shape[axis] || (dimension.Symbol is { } symbol && !_symbols.Add(symbol)))
                continue;
            if (shape[axis] > MaxProduct / _product)
                throw new FormatException(
                    $"Input '{tensor.Name}' has no elements, and the product of the other dimensions of its shape [{string.Join(", ", shape)}] is larger than "
                        + $"{MaxProduct}."
                );
            _product *= shape[axis];
        }
    }
}
