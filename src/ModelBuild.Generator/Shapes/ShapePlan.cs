using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Shapes;

/// <summary>
/// Decides for each unknown dimension of the inputs whether its size follows from a length. An input's length gives one
/// dimension when all others of it are known; dimensions of the same symbol are one. Where nothing follows any more, the
/// caller is asked for one: the last unknown of the first unsolved input, so that the leading one, usually the batch, is
/// still inferred. A stream's states have no length that a caller brings: what they need is asked for first, once, when
/// the stream is opened.
/// </summary>
internal sealed class ShapePlan
{
    private readonly IReadOnlyList<TensorSignature> _inputs;
    private readonly HashSet<int> _states;
    private readonly List<ShapeVariable> _solved = [];

    private ShapePlan(IReadOnlyList<TensorSignature> inputs, IEnumerable<int> states)
    {
        _inputs = inputs;
        _states = [.. states];
    }

    /// <summary>The unknown dimensions in the order in which they become known.</summary>
    /// <param name="inputs">All inputs.</param>
    /// <param name="states">The indices of those that a stream keeps.</param>
    public static EquatableArray<ShapeVariable> Solve(IReadOnlyList<TensorSignature> inputs, IEnumerable<int> states)
    {
        var plan = new ShapePlan(inputs, states);
        while (plan.InferOne() || plan.AskOne(ofStates: true) || plan.AskOne(ofStates: false)) { }

        // What is said is known first.
        return plan
            ._solved.OrderBy(variable =>
                variable.IsOpened ? 0
                : variable.IsAsked ? 1
                : 2
            )
            .ThenBy(variable => variable.Source < 0 ? variable.Input : 0)
            .ThenBy(variable => variable.Source < 0 ? variable.Axis : 0)
            .ToEquatableArray();
    }

    private bool InferOne()
    {
        for (var input = 0; input < _inputs.Count; input++)
        {
            var open = Open(input);
            // Nothing times any size is nothing: a length says nothing about an input with a zero-sized dimension.
            if (_states.Contains(input) || open.Count != 1 || _inputs[input].Shape!.Value.Any(dimension => dimension.Size == 0))
                continue;
            Add(input, open[0], source: input, isOpened: false);
            return true;
        }

        return false;
    }

    private bool AskOne(bool ofStates)
    {
        for (var input = 0; input < _inputs.Count; input++)
        {
            var open = Open(input);
            if (open.Count == 0 || _states.Contains(input) != ofStates)
                continue;
            Add(input, open[open.Count - 1], source: -1, isOpened: ofStates);
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

    private void Add(int input, int axis, int source, bool isOpened)
    {
        var symbol = _inputs[input].Shape!.Value[axis].Symbol;
        var first = (Input: input, Axis: axis);
        if (symbol is not null)
            for (var i = _inputs.Count - 1; i >= 0; i--)
                if (_inputs[i].Shape is { } shape)
                    for (var a = shape.Count - 1; a >= 0; a--)
                        if (shape[a].Symbol == symbol)
                            first = (i, a);
        _solved.Add(new ShapeVariable(first.Input, first.Axis, symbol, source < 0 && !isOpened, source, isOpened));
    }

    private static bool IsSame(ShapeVariable variable, int input, int axis, string? symbol) =>
        symbol is not null ? variable.Symbol == symbol : variable.Symbol is null && variable.Input == input && variable.Axis == axis;
}
