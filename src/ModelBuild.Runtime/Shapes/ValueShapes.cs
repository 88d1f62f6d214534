using System.Globalization;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Shapes;

/// <summary>
/// Checks the shapes of the tensors inside sequences and optionals against the declared dimensions, and against the sizes of the same symbols in other
/// inputs.
/// </summary>
internal static class ValueShapes
{
    /// <summary>Checks the shapes of the tensors inside the inputs of a call that are sequences or optionals.</summary>
    /// <exception cref="ArgumentException">A shape does not agree with the declared dimensions or with another input.</exception>
    public static void Check(ShapeProgram program, TensorBuffer[] inputs, long[] variables)
    {
        var known = new Dictionary<string, (long Size, string From)>(StringComparer.Ordinal);
        for (var i = 0; i < program.Variables.Count; i++)
            if (program.Symbol(i) is { } symbol)
                known[symbol] = (
                    variables[i],
                    inputs[program.Variables[i].Source < 0 ? program.Variables[i].Input : program.Variables[i].Source].Contract.Name
                );
        // Sequences are checked last. Their items may differ in a dimension that no other input has, so they do not determine the size of a symbol.
        foreach (var value in inputs.OfType<ValueBuffer>().OrderBy(value => IsList(value.Contract)))
            if (value.Contract.ElementShape is { } declared)
                foreach (var shape in value.Shapes)
                    Check(value.Contract, declared, shape, known);
    }

    private static void Check(TensorContract input, IReadOnlyList<TensorDimension> declared, long[] shape, Dictionary<string, (long Size, string From)> known)
    {
        var fits = shape.Length == declared.Count;
        var reasons = new List<string>();
        for (var axis = 0; fits && axis < shape.Length; axis++)
        {
            var (size, symbol) = (declared[axis].Size, declared[axis].Symbol);
            if (size is not null)
                fits = size == shape[axis];
            else if (symbol is not null && known.TryGetValue(symbol, out var other))
            {
                fits = other.Size == shape[axis];
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"{symbol} = {other.Size} from input '{other.From}'"));
            }
            else if (symbol is not null && !IsList(input))
                known.Add(symbol, (shape[axis], input.Name));
        }

        if (!fits)
            throw new ArgumentException(
                $"Input '{input.Name}' takes {input}{(reasons.Count == 0 ? "" : $" with {string.Join(", ", reasons)}")}. "
                    + $"[{string.Join(", ", shape)}] was given."
            );
    }

    private static bool IsList(TensorContract input) => input.Type.Contains("seq(", StringComparison.Ordinal);
}
