using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>Assigns the arrays of a data file to the inputs of the model, and determines their number of rows.</summary>
internal sealed class ArrayPlans
{
    /// <summary>Assigns an array of the data file to each input of the model.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="headers">The headers of the arrays by input name, optionally with an array of labels.</param>
    /// <exception cref="InvalidDataException">The arrays do not fit the inputs or each other.</exception>
    public ArrayPlans(IReadOnlyList<ValueSignature> inputs, IReadOnlyDictionary<string, NpyHeader> headers)
    {
        All =
        [
            .. inputs.Where(input => !input.Optional || headers.ContainsKey(input.Name)).Select(input => ArrayPlan.Create(input, Find(headers, input.Name))),
        ];
        foreach (var rows in All.Select(plan => plan.FixedRows).OfType<int>())
            FixedRows = rows;
        CheckRows(ArrayLayout.Rows);
        CheckRows(ArrayLayout.Slices);
        if (All.Any(plan => plan.Layout == ArrayLayout.Slices))
            FixedRows = 1;
        Rows = All.Where(plan => plan.Layout != ArrayLayout.Repeated).Select(plan => plan.Header.Shape[0]).DefaultIfEmpty(1).Min();
        Labels = FindLabels(headers);
    }

    /// <summary>The inputs that have an array, in the order of the model.</summary>
    public IReadOnlyList<ArrayPlan> All { get; }

    /// <summary>The number of rows of each call; null when the model does not fix the number.</summary>
    public int? FixedRows { get; }

    /// <summary>The number of rows of the shortest array.</summary>
    public long Rows { get; }

    /// <summary>The header of the labels; null when there are none, when they are texts, or when an input has the name of the label array.</summary>
    public NpyHeader? Labels { get; }

    /// <summary>The number of elements in one row of all inputs together.</summary>
    public long ElementsPerRow => All.Where(plan => plan.Layout == ArrayLayout.Rows).Sum(plan => SampleArray.Count(plan.Header.Shape.AsSpan(1)));

    private static NpyHeader Find(IReadOnlyDictionary<string, NpyHeader> headers, string name) =>
        headers.TryGetValue(name, out var header)
            ? header
            : throw new InvalidDataException($"it has no array '{name}'; its arrays are {string.Join(", ", headers.Keys.Select(key => $"'{key}'"))}");

    // Checks that all arrays that are divided alike have the same length. Different lengths are an error, because cutting all arrays to the shortest length
    // would ignore data silently.
    private void CheckRows(ArrayLayout layout)
    {
        ArrayPlan[] plans = [.. All.Where(plan => plan.Layout == layout)];
        if (plans.Length > 1 && plans.FirstOrDefault(plan => plan.Header.Shape[0] != plans[0].Header.Shape[0]) is { } other)
            throw new InvalidDataException(
                $"its array '{plans[0].Input.Name}' has {plans[0].Header.Shape[0]} rows, and '{other.Input.Name}' has {other.Header.Shape[0]}: "
                    + "all arrays need the same number of rows; repeat a value that is the same for all rows"
            );
    }

    private NpyHeader? FindLabels(IReadOnlyDictionary<string, NpyHeader> headers)
    {
        var key = ArraySamples.LabelKey;
        if (!headers.TryGetValue(key, out var header) || All.Any(plan => plan.Input.Name == key) || header.Type == DataType.String)
            return null;
        if (header.Shape.Length == 0)
            throw new InvalidDataException($"its array '{key}' holds one number, not one for each row");
        return header.Shape[0] == Rows
            ? header
            : throw new InvalidDataException($"its array '{key}' has {header.Shape[0]} rows, and its inputs have {Rows}: each row needs one label");
    }
}
