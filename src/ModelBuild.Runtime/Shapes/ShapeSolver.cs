using System.Globalization;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Shapes;

/// <summary>Finds the sizes of one call from the lengths of its inputs, and checks that all of them agree.</summary>
internal static class ShapeSolver
{
    /// <summary>Computes what follows from lengths; the caller's dimensions stand in <paramref name="variables"/> already.</summary>
    /// <exception cref="ArgumentException">A length is no multiple of what it should be.</exception>
    public static void Infer(ShapeProgram program, TensorBuffer[] inputs, long[] variables)
    {
        for (var i = 0; i < program.Variables.Count; i++)
        {
            if (program.Variables[i].Source < 0)
                continue;
            var source = program.Variables[i].Source;
            var unit = program.Inputs[source]!.ElementsWithout(i, variables);
            var length = inputs[source].Length;
            // With no elements for any size the length says nothing; the check below still compares the rest.
            if (unit > 0 && length % unit != 0)
                throw WrongLength(program, inputs, source, variables, $"a multiple of {Number(unit)} elements");
            variables[i] = unit == 0 ? 0 : length / unit;
        }
    }

    /// <summary>Makes sure that every input is as long as the sizes say.</summary>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void Check(ShapeProgram program, TensorBuffer[] inputs, long[] variables)
    {
        for (var i = 0; i < inputs.Length; i++)
            if (program.Inputs[i] is { } template && template.Elements(variables) is var expected && expected != inputs[i].Length)
                throw WrongLength(program, inputs, i, variables, $"{Number(expected)} elements");
        if (Array.Exists(inputs, input => input is ValueBuffer { Contract.ElementShape: not null }))
            ValueShapes.Check(program, inputs, variables);
    }

    /// <summary>The exception for an input whose shape no call changes.</summary>
    public static ArgumentException WrongLength(TensorContract input, long expected, int length) =>
        new($"Input '{input.Name}' takes {input}: {Number(expected)} elements. {Came(length)}");

    private static ArgumentException WrongLength(ShapeProgram program, TensorBuffer[] inputs, int input, long[] variables, string expected)
    {
        var contract = inputs[input].Contract;
        var known = new List<string>();
        for (var i = 0; i < program.Variables.Count; i++)
        {
            var variable = program.Variables[i];
            var dimension = inputs[variable.Input].Contract.Shape![variable.Axis];
            if (dimension.Symbol is { } symbol && variable.Source != input && contract.Shape!.Any(other => other.Symbol == symbol))
                known.Add($"{symbol} = {Number(variables[i])}" + (variable.Source < 0 ? "" : $" from input '{inputs[variable.Source].Contract.Name}'"));
        }

        var with = known.Count == 0 ? "" : $" with {string.Join(", ", known)}";
        return new ArgumentException($"Input '{contract.Name}' takes {contract}{with}: {expected}. {Came(inputs[input].Length)}");
    }

    private static string Came(int length) => $"{Number(length)} came.";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
