namespace ModelBuild.Compression.Training.Steps;

/// <summary>The channels that earlier steps of a recipe have kept of the values of the original model. Training compares these channels only.</summary>
internal sealed class KeptChannels
{
    private readonly Dictionary<(string Value, int Axis), (int[] Kept, int Count)> _kept = [];

    /// <summary>Records that a step kept some channels of a value.</summary>
    /// <param name="value">The name of the value.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="kept">The indices of the kept channels.</param>
    /// <param name="count">The number of channels before the step.</param>
    public void Add(string value, int axis, int[] kept, int count) =>
        _kept[(value, axis)] = _kept.TryGetValue((value, axis), out var before) ? ([.. kept.Select(index => before.Kept[index])], before.Count) : (kept, count);

    /// <summary>Returns the indices of the kept channels; null if it is not known which channels of the original they are.</summary>
    /// <param name="value">The name of the value.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="from">The size of the axis in the original.</param>
    /// <param name="to">The size of the axis in the model that is trained.</param>
    public int[]? Find(string value, int axis, long from, long to) =>
        _kept.TryGetValue((value, axis), out var kept) && kept.Count == from && kept.Kept.Length == to ? kept.Kept : null;

    /// <summary>Removes all records, because another model replaces the model.</summary>
    public void Clear() => _kept.Clear();
}
