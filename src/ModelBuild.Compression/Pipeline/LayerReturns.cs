using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Searches for the fewest layers to move back to float, as accuracy-aware quantizers do, in two rounds. The first round moves one layer after another back to
/// float arithmetic, while the weights stay stored in int8, which needs no additional bytes. When all layers compute in float, the second round moves their
/// weights back as well. Each round ranks the moves by the gain of each alone, and makes the best ones until the result is good. While estimates are left, the
/// remaining moves are ranked again after each move, on the changed model, because a value between two layers is rounded until both layers are moved back. The
/// search makes one move for each evaluation at first, and more moves for each of the last evaluations, so that it always reaches the last move. The last move
/// is never made, because no layer would be quantized after it.
/// </summary>
internal sealed class LayerReturns
{
    // In the first round, a layer's weights are restored together with its activations if that gains more than this number of dB beyond the gain of the
    // activations alone.
    private const double ClearlyMore = 3;

    /// <summary>The number of estimates for each layer. A ranking takes two, and should take at most half of all estimates.</summary>
    public const int EstimatesOfLayer = 4;

    private readonly SearchBounds _bounds;
    private readonly Func<IReadOnlyDictionary<string, LayerState>, double> _estimate;
    private readonly Dictionary<string, LayerState> _states;
    private readonly string[][] _units;
    private readonly List<LayerReturn> _ranking = [];
    private List<LayerReturn> _open = [];
    private int _estimates;

    /// <param name="layers">The layers in the order of the graph, those that compute in integers and those whose weights are stored.</param>
    /// <param name="bounds">The limits of the search.</param>
    /// <param name="estimate">The held-out SQNR of the model with its layers in these states, in dB.</param>
    public LayerReturns(
        IReadOnlyList<(string Name, LayerState State)> layers,
        SearchBounds bounds,
        Func<IReadOnlyDictionary<string, LayerState>, double> estimate
    )
    {
        (_bounds, _estimate) = (bounds, estimate);
        _states = layers.ToDictionary(layer => layer.Name, layer => layer.State, StringComparer.Ordinal);
        // If the limit of estimates is too small for single layers, consecutive layers with the same state form one unit.
        var size = Math.Max(1, (EstimatesOfLayer * layers.Count + bounds.Estimates - 1) / bounds.Estimates);
        _units = [.. layers.GroupBy(layer => layer.State).SelectMany(kind => kind.Select(layer => layer.Name).Chunk(size))];
    }

    /// <summary>The moves back to float with their gain at the beginning of their round, best first.</summary>
    public IReadOnlyList<LayerRank> Ranking =>
        [.. _ranking.Select(next => new LayerRank(next.Name, next.Part, next.GainDb, next.Layers.All(layer => _states[layer] >= next.To)))];

    /// <summary>A text that describes how a search without a result ended.</summary>
    public string Conclusion { get; private set; } = "";

    /// <summary>Moves layers back to float until the result is good.</summary>
    /// <param name="evaluate">Runs the whole recipe with its layers in these states.</param>
    /// <returns>Whether a result is good.</returns>
    public bool Search(Func<IReadOnlyDictionary<string, LayerState>, MixedEvaluation> evaluate)
    {
        Rank(isNewRound: true);
        for (var left = _bounds.Evaluations; Rest > 1; left--)
        {
            for (var count = Step(Rest - 1, left); count > 0; count--)
                Take();
            var result = evaluate(_states);
            if (result.IsGood)
                return true;
            if (!result.IsSmaller)
            {
                Conclusion = "the result still exceeds the budget when so many layers are restored to float that it is not smaller than the original";
                return false;
            }

            if (_open.Count > 1 && CanRank)
                Rank(isNewRound: false);
        }

        var (unit, state) = _units.Select(unit => (string.Join(", ", unit), _states[unit[0]])).Single(unit => unit.Item2 != LayerState.Float);
        var part = state == LayerState.Stored ? "the weights of " : "";
        Conclusion = $"the result still exceeds the budget when only {part}'{unit}' is in int8";
        return false;
    }

    // The number of moves that remain. A unit whose activations are still to be restored counts twice, because its weights are restored afterwards.
    private int Rest =>
        _open.Count + _units.Count(unit => _states[unit[0]] != LayerState.Float && !_open.Exists(next => next.Layers == unit && next.To == LayerState.Float));

    // Whether the number of estimates that are left suffices to rank the remaining moves again and still leave a ranking for the second round.
    private bool CanRank => _estimates + 2 * _open.Count + 1 + _units.Length + 1 <= _bounds.Estimates;

    // Returns the number of moves to make before the next evaluation. The number doubles with each evaluation, so that the evaluations reach the last move.
    private static int Step(int rest, int evaluations) => (int)Math.Max(1, Math.Ceiling(rest / (Math.Pow(2, evaluations) - 1)));

    private void Take()
    {
        if (_open.Count == 0)
            Rank(isNewRound: true);
        foreach (var name in _open[0].Layers)
            _states[name] = _open[0].To;
        _open.RemoveAt(0);
    }

    private void Rank(bool isNewRound)
    {
        var first = _units.Any(unit => _states[unit[0]] == LayerState.Integer) ? LayerState.Integer : LayerState.Stored;
        var basis = Estimate(_states);
        _open = [.. _units.Where(unit => _states[unit[0]] == first).Select(unit => Return(unit, basis)).OrderByDescending(next => next.GainDb)];
        if (isNewRound)
            _ranking.AddRange(_open);
    }

    private LayerReturn Return(string[] unit, double basis)
    {
        double Gain(LayerState to)
        {
            var states = new Dictionary<string, LayerState>(_states, StringComparer.Ordinal);
            foreach (var name in unit)
                states[name] = to;
            return Math.Round(Estimate(states) - basis, 2);
        }

        var whole = Gain(LayerState.Float);
        if (_states[unit[0]] == LayerState.Stored)
            return new LayerReturn(unit, LayerState.Float, LayerPart.Weights, whole);
        var computed = Gain(LayerState.Stored);
        return whole > computed + ClearlyMore
            ? new LayerReturn(unit, LayerState.Float, LayerPart.Layer, whole)
            : new LayerReturn(unit, LayerState.Stored, LayerPart.Activations, computed);
    }

    private double Estimate(IReadOnlyDictionary<string, LayerState> states)
    {
        _estimates++;
        return _estimate(states);
    }
}
