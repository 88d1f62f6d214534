using System.Diagnostics;
using System.Globalization;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>What it costs to make the results: whole processes, wall time and peak memory, on a model of BERT-base's size.</summary>
internal static class CostBenchmark
{
    public static void Run(TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        try
        {
            var model = Path.Combine(folder.FullName, "encoder.onnx");
            TransformerModel.Build().Save(model);
            var bytes = new FileInfo(model).Length;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| job, on a transformer of {bytes / 1e6:0} MB | seconds | peak MB | peak / size |"));
            output.WriteLine("|---|---:|---:|---:|");
            Job(output, "load and save", bytes, Environment.ProcessPath!, [.. Self(), "round-trip", model, Path.Combine(folder.FullName, "copy.onnx")]);
            var cli = Path.Combine(Corpus.Repository, "src", "ModelBuild.Cli", "bin", Configuration(), "net10.0", "modelbuild.dll");
            foreach (var recipe in new[] { "optimize", "float16-weights", "int8-weights", "int8-dynamic" })
                Job(output, $"compress with `{recipe}`, verified", bytes, "dotnet", [cli, "compress", model, "--compression", recipe, "--min-sqnr", "0", "-o", Path.Combine(folder.FullName, "small.onnx")]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The measured process of the first job.</summary>
    public static void LoadAndSave(string source, string target) => OnnxModel.Load(source).Save(target);

    // Under `dotnet program.dll` the process is dotnet, and the program its first argument.
    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private static string Configuration() => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    private static void Job(TextWriter output, string name, long bytes, string program, string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(5))
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended between the two lines.
            }
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{name}: {error.Result}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {watch.Elapsed.TotalSeconds:0.0} | {peak / 1e6:0} | {(double)peak / bytes:0.00} |"));
    }
}
