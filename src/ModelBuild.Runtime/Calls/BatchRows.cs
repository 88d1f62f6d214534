using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime.Calls;

/// <summary>
/// Gathers rows of several calls into one call and scatters its outputs, for a model whose inputs and outputs all start with the same dynamic dimension, the
/// batch.
/// </summary>
internal sealed class BatchRows
{
    private readonly int _variable;

    private BatchRows(int variable, string? undeclaredOutput) => (_variable, UndeclaredOutput) = (variable, undeclaredOutput);

    /// <summary>
    /// Gets the name of an output that the model does not declare to have a row for each input row; null when the model declares it for all outputs.
    /// </summary>
    public string? UndeclaredOutput { get; }

    /// <summary>Creates the object for a model; the result is null when the inputs and outputs do not all start with the same dynamic dimension.</summary>
    public static BatchRows? Of(ModelContract contract, ShapeProgram program)
    {
        for (var variable = 0; variable < program.Variables.Count; variable++)
            if (
                program.Inputs.All(input => input is not null && input.StartsWith(variable))
                && contract.Outputs.All(output => !output.IsTyped || output.Shape is [{ Size: null }, ..] || IsByRow(output))
            )
                return new BatchRows(
                    variable,
                    contract
                        .Outputs.FirstOrDefault(output =>
                            output.IsTyped && !IsByRow(output) && !IsNamed(output.Shape![0], contract, program.Variables[variable])
                        )
                        ?.Name
                );
        return null;
    }

    /// <summary>Returns the number of rows of a call.</summary>
    public int Count(CallTensors call) => (int)call.Variables[_variable];

    /// <summary>Determines whether the rows of two calls have equal shapes.</summary>
    public bool HaveEqualShapes(CallTensors one, CallTensors other)
    {
        for (var i = 0; i < one.Variables.Length; i++)
            if (i != _variable && one.Variables[i] != other.Variables[i])
                return false;
        return true;
    }

    /// <summary>Copies the input rows of several calls to one call, in order.</summary>
    public static void Gather(IReadOnlyList<CallTensors> calls, CallTensors into)
    {
        calls[0].Variables.CopyTo(into.Variables, 0);
        for (var i = 0; i < into.Inputs.Length; i++)
        {
            into.Inputs[i].SetLength(checked(calls.Sum(call => call.Inputs[i].Length)));
            var at = 0;
            foreach (var call in calls)
            {
                call.Inputs[i].CopyTo(0, into.Inputs[i], at, call.Inputs[i].Length);
                at += call.Inputs[i].Length;
            }
        }
    }

    /// <summary>Copies to each call the outputs of its rows.</summary>
    /// <exception cref="InvalidOperationException">An output does not have one row for each input row.</exception>
    public void Scatter(CallTensors from, IReadOnlyList<CallTensors> calls)
    {
        var rows = Count(from);
        for (var i = 0; i < from.Outputs.Length; i++)
        {
            if (from.Outputs[i] is not { } output)
                continue;
            if (output.Shape is not [var found, ..] || found != rows)
                throw new InvalidOperationException(
                    $"Output '{output.Contract.Name}' has the shape [{string.Join(", ", output.Shape)}] for {rows} input rows, "
                        + "so its rows cannot be assigned to them."
                );
            var (width, at) = (rows == 0 ? 0 : output.Length / rows, 0);
            foreach (var call in calls)
            {
                var count = Count(call);
                call.Outputs[i]!.SetLength(count * width);
                output.CopyTo(at * width, call.Outputs[i]!, 0, count * width);
                call.Outputs[i]!.SetRowShape(count, output.Shape);
                at += count;
            }
        }
    }

    private static bool IsNamed(TensorDimension dimension, ModelContract contract, ShapeVariable batch) =>
        dimension.Symbol is { } symbol && symbol == contract.Inputs[batch.Input].Shape![batch.Axis].Symbol;

    /// <summary>Determines whether an output is a sequence of maps from class to score, which classifiers return with one item for each row.</summary>
    private static bool IsByRow(TensorContract output) => output.Type.StartsWith("seq(map(", StringComparison.Ordinal);
}
