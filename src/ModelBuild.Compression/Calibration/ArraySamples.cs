using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Cuts named arrays into calls of a model. An array with the rank of its input is cut along the first axis: into as many rows per call as the input fixes,
/// or into up to <see cref="RowsPerCall"/> rows when the number of rows is dynamic. Calls have fewer rows when rows are large, or when a quarter of the calls
/// could not be held out otherwise. An array with one more axis than its input holds one complete input for each call. A scalar is passed to each call.
/// </summary>
internal sealed class ArraySamples
{
    /// <summary>The key of an array of true classes, one for each row.</summary>
    public const string LabelKey = "label";

    /// <summary>The largest number of rows in one call when the model does not fix the number.</summary>
    public const int RowsPerCall = 16;

    // The largest number of input elements in one call, about one image of 3×148×148. The limit is low, because the activations of a call can take a hundred
    // times as much memory as its inputs.
    private const long ElementsPerCall = 1 << 16;

    private readonly IReadOnlyDictionary<string, NpyReader> _arrays;
    private readonly ArrayPlans _plans;
    private readonly Dictionary<string, SampleArray> _repeated;
    private readonly int _rows;

    /// <summary>Assigns the arrays to the inputs of the model, and determines how many rows a call has.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="arrays">The arrays by input name, optionally with an array of labels.</param>
    /// <exception cref="InvalidDataException">The arrays do not fit the inputs.</exception>
    public ArraySamples(IReadOnlyList<ValueSignature> inputs, IReadOnlyDictionary<string, NpyReader> arrays)
    {
        _arrays = arrays;
        _plans = new ArrayPlans(inputs, arrays.ToDictionary(array => array.Key, array => array.Value.Header, StringComparer.Ordinal));
        _repeated = _plans
            .All.Where(plan => plan.Layout == ArrayLayout.Repeated)
            .ToDictionary(plan => plan.Input.Name, plan => arrays[plan.Input.Name].Read(plan.Header.Shape), StringComparer.Ordinal);
        _rows = _plans.FixedRows ?? (int)Math.Clamp(ElementsPerCall / Math.Max(1, _plans.ElementsPerRow), 1, RowsPerCall);
    }

    /// <summary>Reads the calls until the shortest array ends. Rows at the end that do not fill a fixed batch are skipped.</summary>
    public IEnumerable<Sample> Read()
    {
        var total = _plans.Rows;
        foreach (var rows in _plans.FixedRows is null ? OpenCalls(total) : Enumerable.Repeat(_rows, (int)(total / _rows)))
        {
            var inputs = _plans.All.ToDictionary(plan => plan.Input.Name, plan => Take(plan, rows), StringComparer.Ordinal);
            yield return new Sample(inputs, Labels(rows)) { Rows = rows };
        }
    }

    // Returns the number of rows of each call if the model does not fix it. All calls have nearly the same number of rows. With 16 rows or more, the number of
    // calls is a multiple of four, so that a quarter can be held out.
    private IEnumerable<int> OpenCalls(long total)
    {
        var multiple = total >= SampleDivision.MinRowsToHoldOut ? SampleDivision.Stride : 1;
        var calls = (total + _rows * multiple - 1) / (_rows * multiple) * multiple;
        for (var call = 0L; call < calls; call++)
            yield return (int)((call + 1) * total / calls - call * total / calls);
    }

    private SampleArray Take(ArrayPlan plan, int rows)
    {
        var name = plan.Input.Name;
        var array = plan.Layout == ArrayLayout.Repeated ? _repeated[name] : _arrays[name].Read(plan.CallShape(rows));
        return ElementConversion.Convert(array, plan.Input);
    }

    private long[]? Labels(int rows) =>
        _plans.Labels is { } header ? ElementConversion.ToInt64(_arrays[LabelKey].Read([rows, .. header.Shape.AsSpan(1)])) : null;
}
