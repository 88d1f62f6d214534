using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Shapes;

/// <summary>
/// Decides for each unknown dimension of the inputs whether its size follows from a length. An input's length gives one
/// dimension when all others of it are known; dimensions of the same symbol are one. Where nothing follows any more, the
/// caller is asked for one: the last unknown of the first unsolved input, so that the leading one, usually the batch, is
/// still inferred.
/// </summary>
internal sealed class ShapePlan
{
    private readonly IReadOnlyList<TensorSignature> _inputs;
    private readonly List<ShapeVariable> _solved = [];

    private ShapePlan(IReadOnlyList<TensorSignature> inputs) => _inputs = inputs;

    /// <summary>The unknown dimensions in the order in which they become known.</summary>
    public static EquatableArray<ShapeVariable> Solve(IReadOnlyList<TensorSignature> inputs)
    {
        var plan = new ShapePlan(inputs);
        while (plan.InferOne() || plan.AskOne())
        {
        }

        // What is asked is known first.
        return plan._solved.OrderBy(variable => variable.IsAsked ? 0 : 1)
            .ThenBy(variable => variable.IsAsked ? variable.Input : 0)
            .ThenBy(variable => variable.IsAsked ? variable.Axis : 0)
            .ToEquatableArray();
    }

    private bool InferOne()
    {
        for (var input = 0; input < _inputs.Count; input++)
        {
            var open = Open(input);
            // Nothing times any size is nothing: a length says nothing about an input with a zero-sized dimension.
            if (open.Count != 1 || _inputs[input].Shape!.Value.Any(dimension => dimension.Size == 0))
                continue;
            Add(input, open[0], isAsked: false);
            return true;
        }

        return false;
    }

    private bool AskOne()
    {
        for (var input = 0; input < _inputs.Count; input++)
        {
            var open = Open(input);
            if (open.Count == 0)
                continue;
            Add(input, open[open.Count - 1], isAsked: true);
            return true;
        }

        return false;
    }

    /// <summary>The axes of an input's unsolved dimensions; one symbol that stands twice in a shape counts twice.</summary>
    private List<int> Open(int input)
    {
        var open = new List<int>();
        if (_inputs[input].Shape is { } shape)
            for (var axis = 0; axis < shape.Count; axis++)
                if (!shape[axis].IsFixed && !_solved.Any(variable => IsSame(variable, input, axis, shape[axis].Symbol)))
                    open.Add(axis);
        return open;
    }

    private void Add(int input, int axis, bool isAsked)
    {
        var symbol = _inputs[input].Shape!.Value[axis].Symbol;
        var first = (Input: input, Axis: axis);
        if (symbol is not null)
            for (var i = _inputs.Count - 1; i >= 0; i--)
                if (_inputs[i].Shape is { } shape)
                    for (var a = shape.Count - 1; a >= 0; a--)
                        if (shape[a].Symbol == symbol)
                            first = (i, a);
        _solved.Add(new ShapeVariable(first.Input, first.Axis, symbol, isAsked, isAsked ? -1 : input));
    }

    private static bool IsSame(ShapeVariable variable, int input, int axis, string? symbol) =>
        symbol is not null ? variable.Symbol == symbol : variable.Symbol is null && variable.Input == input && variable.Axis == axis;
}
