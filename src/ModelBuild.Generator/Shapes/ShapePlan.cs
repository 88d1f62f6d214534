using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Shapes;

/// <summary>
/// Determines for each variable dimension of the inputs whether its size follows from a length. The length of an input gives one dimension if all its other
/// dimensions are known, and dimensions with the same symbol have the same size. If no further size follows, the last unknown dimension of the first unsolved
/// input becomes an argument, so that the leading dimension, usually the batch, still follows from a length. A caller passes no states to a stream, so the
/// dimensions of states become arguments first, when the stream is opened.
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

    /// <summary>Returns the variable dimensions in the order in which their sizes become known.</summary>
    /// <param name="inputs">All inputs.</param>
    /// <param name="states">The indices of the inputs that are states.</param>
    public static EquatableArray<ShapeVariable> Solve(IReadOnlyList<TensorSignature> inputs, IEnumerable<int> states)
    {
        var plan = new ShapePlan(inputs, states);
        while (plan.InferOne() || plan.AskOne(ofStates: true) || plan.AskOne(ofStates: false)) { }

        // Dimensions whose sizes are arguments come before dimensions whose sizes are computed from them.
        return plan
            ._solved.OrderBy(variable =>
                variable.IsOpened ? 0
                : variable.IsArgument ? 1
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
            // If a dimension has the size 0, the length is 0 whatever sizes the other dimensions have, so the length does not determine a size.
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

    /// <summary>Returns the axes of an input's unsolved dimensions. A symbol that occurs twice in a shape counts twice.</summary>
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
