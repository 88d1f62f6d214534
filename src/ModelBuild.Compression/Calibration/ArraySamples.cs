using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

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

    // The largest number of input elements in one call, about one image of 3×148×148. Activations can take a hundred times as much memory.
    private const long ElementsPerCall = 1 << 16;

    private readonly IReadOnlyDictionary<string, NpyReader> _arrays;
    private readonly List<InputPlan> _plans = [];
    private readonly int _rows = RowsPerCall;
    private readonly bool _isOpen = true;

    private sealed record InputPlan(ValueSignature Input, NpyReader Array, Layout Layout, SampleArray? Repeated);

    private enum Layout
    {
        Rows,
        Slices,
        Repeated,
    }

    /// <summary>Plans the calls.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="arrays">The arrays by input name, optionally with an array of labels.</param>
    /// <exception cref="InvalidDataException">The arrays do not fit the inputs.</exception>
    public ArraySamples(IReadOnlyList<ValueSignature> inputs, IReadOnlyDictionary<string, NpyReader> arrays)
    {
        _arrays = arrays;
        foreach (var input in inputs.Where(input => !input.Optional || arrays.ContainsKey(input.Name)))
        {
            if (!arrays.TryGetValue(input.Name, out var array))
                throw new InvalidDataException($"it has no array '{input.Name}'; its arrays are {string.Join(", ", arrays.Keys.Select(key => $"'{key}'"))}");
            var layout = ChooseLayout(input, array.Header);
            _plans.Add(new InputPlan(input, array, layout, layout == Layout.Repeated ? array.Read(array.Header.Shape) : null));
            if (layout == Layout.Slices)
                _isOpen = false;
            else if (layout == Layout.Rows && FixedRows(input) is { } size)
                (_rows, _isOpen) = (size, false);
        }

        CheckRows(Layout.Rows);
        CheckRows(Layout.Slices);
        if (_isOpen)
        {
            var elements = _plans.Where(plan => plan.Layout == Layout.Rows).Sum(plan => SampleArray.Count(plan.Array.Header.Shape.AsSpan(1)));
            _rows = (int)Math.Clamp(ElementsPerCall / Math.Max(1, elements), 1, RowsPerCall);
        }
        else if (_plans.Any(plan => plan.Layout == Layout.Slices))
        {
            _rows = 1;
        }
    }

    /// <summary>Reads the calls until the shortest array ends. Rows at the end that do not fill a fixed batch are skipped.</summary>
    public IEnumerable<Sample> Read()
    {
        var total = _plans.Where(plan => plan.Layout != Layout.Repeated).Select(plan => plan.Array.Header.Shape[0]).DefaultIfEmpty(1).Min();
        CheckLabels(total);
        foreach (var rows in _isOpen ? OpenCalls(total) : Enumerable.Repeat(_rows, (int)(total / _rows)))
        {
            var inputs = _plans.ToDictionary(plan => plan.Input.Name, plan => Take(plan, rows), StringComparer.Ordinal);
            yield return new Sample(inputs, Labels(rows)) { Rows = rows };
        }
    }

    // Arrays of different lengths are an error, because cutting all arrays to the shortest length would ignore data silently.
    private void CheckRows(Layout layout)
    {
        InputPlan[] plans = [.. _plans.Where(plan => plan.Layout == layout)];
        if (plans.Length > 1 && plans.FirstOrDefault(plan => plan.Array.Header.Shape[0] != plans[0].Array.Header.Shape[0]) is { } other)
            throw new InvalidDataException(
                $"its array '{plans[0].Input.Name}' has {plans[0].Array.Header.Shape[0]} rows, and '{other.Input.Name}' has {other.Array.Header.Shape[0]}: "
                    + "all arrays need the same number of rows; repeat a value that is the same for all rows"
            );
    }

    // All calls have nearly the same number of rows. With 16 rows or more, the number of calls is a multiple of four, so that a quarter can be held out.
    private IEnumerable<int> OpenCalls(long total)
    {
        var multiple = total >= SampleDivision.MinRowsToHoldOut ? SampleDivision.Stride : 1;
        var calls = (total + _rows * multiple - 1) / (_rows * multiple) * multiple;
        for (var call = 0L; call < calls; call++)
            yield return (int)((call + 1) * total / calls - call * total / calls);
    }

    private static int? FixedRows(ValueSignature input) =>
        input.Shape?[0].Size switch
        {
            null => null,
            > 0 and <= int.MaxValue and var size => (int)size,
            var size => throw new InvalidDataException($"the model needs {size} rows of '{input.Name}' in one call"),
        };

    private static Layout ChooseLayout(ValueSignature input, NpyHeader header)
    {
        var rank = input.Shape?.Count ?? header.Shape.Length;
        var fixedSizes = (input.Shape ?? []).Select(dimension => dimension.Size).ToArray();
        if (header.Shape.Length == rank && rank > 0 && Fits(fixedSizes.AsSpan(Math.Min(1, fixedSizes.Length)), header.Shape.AsSpan(1)))
            return Layout.Rows;
        if (header.Shape.Length == rank + 1 && Fits(fixedSizes, header.Shape.AsSpan(1)))
            return Layout.Slices;
        if (header.Shape.Length == 0 && rank == 0)
            return Layout.Repeated;
        throw new InvalidDataException(
            $"its array '{input.Name}' has the shape [{string.Join(',', header.Shape)}], and the model takes [{string.Join(',', input.Shape ?? [])}]"
        );
    }

    private static bool Fits(ReadOnlySpan<long?> expected, ReadOnlySpan<long> actual)
    {
        for (var i = 0; i < Math.Min(expected.Length, actual.Length); i++)
            if (expected[i] is { } size && size != actual[i])
                return false;
        return true;
    }

    private static SampleArray Take(InputPlan plan, int rows)
    {
        var shape = plan.Array.Header.Shape;
        var array = plan.Layout switch
        {
            Layout.Rows => plan.Array.Read([rows, .. shape.AsSpan(1)]),
            Layout.Slices => plan.Array.Read(shape[1..]),
            _ => plan.Repeated!,
        };
        return ElementConversion.Convert(array, plan.Input);
    }

    // Returns null when there are no labels, when the labels are texts, or when an input has the name of the label array.
    private NpyReader? LabelReader() =>
        _arrays.TryGetValue(LabelKey, out var reader) && _plans.All(plan => plan.Input.Name != LabelKey) && reader.Header.Type != DataType.String
            ? reader
            : null;

    private void CheckLabels(long rows)
    {
        if (LabelReader() is not { Header.Shape: var shape })
            return;
        if (shape.Length == 0)
            throw new InvalidDataException($"its array '{LabelKey}' holds one number, not one for each row");
        if (shape[0] != rows)
            throw new InvalidDataException($"its array '{LabelKey}' has {shape[0]} rows, and its inputs have {rows}: each row needs one label");
    }

    private long[]? Labels(int rows) => LabelReader() is { } reader ? ElementConversion.ToInt64(reader.Read([rows, .. reader.Header.Shape.AsSpan(1)])) : null;
}
