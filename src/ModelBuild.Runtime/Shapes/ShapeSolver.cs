using System.Globalization;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Shapes;

/// <summary>Computes the sizes of the variables of a call from the lengths of its inputs, and checks that all lengths agree with them.</summary>
internal static class ShapeSolver
{
    /// <summary>
    /// Computes the sizes of the variables that follow from the lengths of inputs. The variables that the caller sets are in <paramref name="variables"/>
    /// already.
    /// </summary>
    /// <exception cref="ArgumentException">A length is not a multiple of the product of the other dimensions.</exception>
    public static void Infer(ShapeProgram program, TensorBuffer[] inputs, long[] variables)
    {
        for (var i = 0; i < program.Variables.Count; i++)
        {
            if (program.Variables[i].Source < 0)
                continue;
            var source = program.Variables[i].Source;
            var unit = program.Inputs[source]!.ElementsWithout(i, variables);
            var length = inputs[source].Length;
            // When another dimension is 0, the length does not determine the size. The method Check compares the remaining lengths.
            if (unit > 0 && length % unit != 0)
                throw WrongLength(program, inputs, source, variables, $"a multiple of {Number(unit)} elements");
            variables[i] = unit == 0 ? 0 : length / unit;
        }
    }

    /// <summary>Checks that the length of every input agrees with the sizes of the variables.</summary>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void Check(ShapeProgram program, TensorBuffer[] inputs, long[] variables)
    {
        for (var i = 0; i < inputs.Length; i++)
            if (program.Inputs[i] is { } template && template.Elements(variables) is var expected && expected != inputs[i].Length)
                throw WrongLength(program, inputs, i, variables, $"{Number(expected)} elements");
        if (Array.Exists(inputs, input => input is ValueBuffer { Contract.ElementShape: not null }))
            ValueShapes.Check(program, inputs, variables);
    }

    /// <summary>Creates the exception for an input whose length differs from its fixed shape.</summary>
    public static ArgumentException WrongLength(TensorContract input, long expected, int length) =>
        new($"Input '{input.Name}' takes {input}: {Number(expected)} elements. {Given(length)}");

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
        return new ArgumentException($"Input '{contract.Name}' takes {contract}{with}: {expected}. {Given(inputs[input].Length)}");
    }

    private static string Given(int length) => length == 1 ? "1 was given." : $"{Number(length)} were given.";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
