using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Targets;

namespace ModelBuild.Benchmarks.Compression.Costs;

/// <summary>
/// Measures the costs of operators on this processor and prints them beside the stored table of x64 processors, and as code for
/// <c>src/ModelBuild.Compression/Targets/CostTable.cs</c>.
/// </summary>
internal static class CostsBenchmark
{
    // The figures are the smallest of this number of rounds, because other work on the machine only adds time.
    private const int Rounds = 3;

    private static readonly string[] Features = ["avx2", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8", "asimddp", "i8mm"];

    public static void Run(TextWriter output)
    {
        var rounds = Enumerable.Range(0, Rounds).Select(_ => CostTableText.Values(new MeasuredCosts().Measure())).ToArray();
        (string Name, double Value)[] measured = [.. rounds[0].Select((cost, i) => (cost.Name, rounds.Min(round => round[i].Value)))];
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        output.WriteLine($"The benchmark 'costs' measured these figures on {date} with ONNX Runtime {OrtEnv.Instance().GetVersionString()} on {Processor()}.");
        output.WriteLine($"The figures are the smallest of {Rounds} rounds, in picoseconds, with one thread on one core.");
        output.WriteLine();
        CostTableText.Compare(output, CostTableText.Values(CostTable.CpuX64), measured);
        output.WriteLine();
        CostTableText.WriteCode(output, measured);
    }

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        if (!File.Exists(Info))
            return $"{RuntimeInformation.ProcessArchitecture}";
        var lines = File.ReadLines(Info).Select(line => line.Split(':', 2)).Where(line => line.Length == 2).ToArray();
        string Value(params string[] keys) => lines.FirstOrDefault(line => keys.Contains(line[0].Trim()))?[1].Trim() ?? "";
        var flags = Value("flags", "Features").Split(' ');
        return $"{RuntimeInformation.ProcessArchitecture} {Value("model name")} ({string.Join(", ", Features.Where(flags.Contains))})";
    }
}
