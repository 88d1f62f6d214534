using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Profiling;

/// <summary>Divides the rows of samples into calls of one size.</summary>
internal static class RowBatches
{
    /// <summary>Returns calls with a given number of rows. Rows are repeated if the samples have fewer.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="rows">The number of rows of a call; null for one row, or for as many as the model fixes.</param>
    /// <param name="maxCalls">The largest number of calls.</param>
    /// <exception cref="CompressionException">MB1005: the model does not take this number of rows.</exception>
    public static IReadOnlyList<Sample> Of(IEnumerable<Sample> samples, ModelSignature signature, int? rows, int maxCalls)
    {
        using var calls = samples.GetEnumerator();
        if (!calls.MoveNext())
            throw new CompressionException(Codes.CalibrationData, "The data holds no sample: at least one row for each input is needed.");
        if (!HasRows(calls.Current, signature))
            return rows is null || rows == calls.Current.Rows ? [.. Rest(calls).Take(maxCalls)] : throw Fixed(calls.Current.Rows, rows.Value);
        var size = rows ?? 1;
        Sample[] single = [.. Rest(calls).SelectMany(Rows).Take(size * maxCalls)];
        return [.. Enumerable.Range(0, Math.Max(1, single.Length / size)).Select(call => Join(single, call * size, size))];
    }

    /// <summary>Creates the error about a number of rows that a model does not accept.</summary>
    public static CompressionException Fixed(long has, long wanted) =>
        new(
            Codes.UnknownOption,
            $"A call of the model has {has} {(has == 1 ? "row" : "rows")}, and not the {wanted} of --batch: leave the option out, or export the model with a "
                + "dynamic batch."
        );

    private static bool HasRows(Sample sample, ModelSignature signature) =>
        signature.Inputs.Any(input => IsDivided(sample, input.Name))
        && signature
            .Inputs.Where(input => sample.Inputs.ContainsKey(input.Name) && sample.Inputs[input.Name].Shape.Length > 0)
            .All(input => IsDivided(sample, input.Name) && (input.Shape is null || input.Shape[0].Size is null));

    private static bool IsDivided(Sample sample, string input) =>
        sample.Inputs.TryGetValue(input, out var array) && array.Shape is [var first, ..] && first == sample.Rows;

    private static IEnumerable<Sample> Rest(IEnumerator<Sample> calls)
    {
        do yield return calls.Current;
        while (calls.MoveNext());
    }

    private static IEnumerable<Sample> Rows(Sample sample) =>
        Enumerable
            .Range(0, (int)sample.Rows)
            .Select(row => new Sample(sample.Inputs.ToDictionary(input => input.Key, input => Row(input.Value, row), StringComparer.Ordinal), Labels: null));

    private static SampleArray Row(SampleArray array, int row)
    {
        if (array.Shape.Length == 0)
            return array;
        var count = (int)SampleArray.Count(array.Shape.AsSpan(1));
        long[] shape = [1, .. array.Shape.AsSpan(1)];
        if (array.Texts is { } texts)
            return new SampleArray(array.Type, shape, [], texts[(row * count)..((row + 1) * count)]);
        var bytes = count * SampleArray.ElementSize(array.Type);
        return new SampleArray(array.Type, shape, array.Data[(row * bytes)..((row + 1) * bytes)]);
    }

    private static Sample Join(Sample[] rows, int first, int count)
    {
        Sample[] members = [.. Enumerable.Range(first, count).Select(row => rows[row % rows.Length])];
        return new Sample(
            members[0].Inputs.Keys.ToDictionary(name => name, name => Join([.. members.Select(member => member.Inputs[name])]), StringComparer.Ordinal),
            Labels: null
        );
    }

    private static SampleArray Join(SampleArray[] rows)
    {
        if (rows[0].Shape.Length == 0)
            return rows[0];
        long[] shape = [rows.Length, .. rows[0].Shape.AsSpan(1)];
        return rows[0].Texts is null
            ? new SampleArray(rows[0].Type, shape, [.. rows.SelectMany(row => row.Data)])
            : new SampleArray(rows[0].Type, shape, [], [.. rows.SelectMany(row => row.Texts!)]);
    }
}
