using System.Globalization;
using ModelBuild.Compression.Targets;

namespace ModelBuild.Benchmarks.Compression.Costs;

/// <summary>Writes tables of costs: beside each other, and as the code of <see cref="CostTable"/>.</summary>
internal static class CostTableText
{
    private const string Unit = $"{nameof(CostTable.FloatMultiply)}.{nameof(MultiplyCosts.Product)}";

    /// <summary>Writes the stored and the measured values, and their ratio relative to a multiply-add of a float product.</summary>
    public static void Compare(TextWriter output, IReadOnlyList<(string Name, double Value)> stored, IReadOnlyList<(string Name, double Value)> measured)
    {
        var unit = measured.Single(cost => cost.Name == Unit).Value / stored.Single(cost => cost.Name == Unit).Value;
        output.WriteLine("| coefficient | stored | measured | measured / stored, relative to a float product |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var ((name, before), (_, now)) in stored.Zip(measured))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {before:0.#} | {now:0.#} | {now / before / unit:0.00} |"));
    }

    /// <summary>Writes the initializer of a table.</summary>
    public static void WriteCode(TextWriter output, IReadOnlyList<(string Name, double Value)> values)
    {
        output.WriteLine("        new()");
        output.WriteLine("        {");
        foreach (var (name, value) in values.Where(value => !value.Name.Contains('.', StringComparison.Ordinal)))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"            {name} = {Rounded(value)},"));
        foreach (var group in values.Where(value => value.Name.Contains('.', StringComparison.Ordinal)).GroupBy(value => value.Name.Split('.')[0]))
            WriteGroup(output, group.Key, [.. group.Select(value => (value.Name.Split('.')[1], Rounded(value.Value)))]);
        output.WriteLine("        };");
    }

    /// <summary>Returns the coefficients with their names in code; those of a group have the name of the group before a dot.</summary>
    public static IReadOnlyList<(string Name, double Value)> Values(CostTable table) =>
        [
            (nameof(table.FloatNode), table.FloatNode),
            (nameof(table.IntegerProduct), table.IntegerProduct),
            (nameof(table.IntegerConvolution), table.IntegerConvolution),
            (nameof(table.Conversion), table.Conversion),
            (nameof(table.ConvertedElement), table.ConvertedElement),
            (nameof(table.ChannelsFirstPooling), table.ChannelsFirstPooling),
            (nameof(table.TransposedElement), table.TransposedElement),
            .. Multiply(nameof(table.FloatMultiply), table.FloatMultiply),
            .. Multiply(nameof(table.IntegerMultiply), table.IntegerMultiply),
            .. Multiply(nameof(table.NarrowBlockMultiply), table.NarrowBlockMultiply),
            .. Multiply(nameof(table.WideBlockMultiply), table.WideBlockMultiply),
            (nameof(table.GatheredPixel), table.GatheredPixel),
            (nameof(table.GatheredNarrowPixel), table.GatheredNarrowPixel),
            .. table.FloatElements.Select(cost => ($"{nameof(table.FloatElements)}.{cost.Key}", cost.Value)),
            (nameof(table.OtherFloatElement), table.OtherFloatElement),
            (nameof(table.BroadcastIntegerElement), table.BroadcastIntegerElement),
            .. table.IntegerElements.Select(cost => ($"{nameof(table.IntegerElements)}.{cost.Key}", cost.Value)),
            (nameof(table.OtherIntegerElement), table.OtherIntegerElement),
        ];

    private static void WriteGroup(TextWriter output, string name, IReadOnlyList<(string Key, double Value)> values)
    {
        if (name.EndsWith("Multiply", StringComparison.Ordinal))
        {
            var arguments = values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key}: {value.Value}"));
            output.WriteLine($"            {name} = new({string.Join(", ", arguments)}),");
            return;
        }

        output.WriteLine($"            {name} = new(StringComparer.Ordinal)");
        output.WriteLine("            {");
        foreach (var (key, value) in values)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"                [\"{key}\"] = {value},"));
        output.WriteLine("            },");
    }

    private static IEnumerable<(string Name, double Value)> Multiply(string name, MultiplyCosts costs) =>
        [
            ($"{name}.{nameof(costs.Convolution)}", costs.Convolution),
            ($"{name}.{nameof(costs.ConvolutionOverhead)}", costs.ConvolutionOverhead),
            ($"{name}.{nameof(costs.Depthwise)}", costs.Depthwise),
            ($"{name}.{nameof(costs.Product)}", costs.Product),
            ($"{name}.{nameof(costs.ProductOfFewRows)}", costs.ProductOfFewRows),
        ];

    private static IEnumerable<(string Name, double Value)> Multiply(string name, BlockMultiplyCosts costs) =>
        [($"{name}.{nameof(costs.Product)}", costs.Product), ($"{name}.{nameof(costs.ProductOfFewRows)}", costs.ProductOfFewRows)];

    // Values have two significant digits, because repeated runs differ in the third.
    private static double Rounded(double value)
    {
        if (value == 0)
            return 0;
        var digit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 1);
        return digit >= 1 ? Math.Round(value / digit) * digit : Math.Round(value, 1);
    }
}
