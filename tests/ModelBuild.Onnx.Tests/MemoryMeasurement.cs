using System.Diagnostics;
using System.Globalization;

namespace ModelBuild.Onnx.Tests;

/// <summary>
/// Loads and saves a model in this process alone and prints what it took. The model is made first, in a process of its own,
/// so that making it does not count.
/// </summary>
internal static class MemoryMeasurement
{
    public const string Command = "measure-memory";

    /// <summary><c>MEGABYTES TENSORS [raw|float|external|inspect]</c>, or <c>load PATH [inspect]</c> for a file that is there.</summary>
    public static int Run(string[] args)
    {
        if (args is ["make", var target, var bytes, var count, var made])
        {
            LargeModels.Write(target, Parse(bytes), (int)Parse(count), made);
            return 0;
        }

        if (args is ["load", var path, .. var options])
        {
            Load(path, options is ["inspect"]);
            return 0;
        }

        if (args.Length < 2)
        {
            Console.Error.WriteLine($"{Command} MEGABYTES TENSORS [raw|float|external|inspect]");
            return 2;
        }

        using var folder = new TemporaryFolder();
        var model = folder.File("large.onnx");
        var kind = args.Length > 2 ? args[2] : "raw";
        Child("make", model, (Parse(args[0]) * 1_000_000).ToString(CultureInfo.InvariantCulture), args[1], kind);
        Console.Write(Child(kind == "inspect" ? ["load", model, "inspect"] : ["load", model]));
        return 0;
    }

    /// <summary>Runs this program again and gives what it printed.</summary>
    public static string Child(params string[] args)
    {
        // With `dotnet exec`, the process is the host, and the program is its first argument.
        var program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(MemoryMeasurement).Assembly.Location] : [];
        using var process = Process.Start(new ProcessStartInfo(program, (string[])[.. host, Command, .. args]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"The measurement ended with {process.ExitCode}: {output}");
    }

    private static void Load(string path, bool inspect)
    {
        // A first load and save takes memory for the runtime and for compiled code, which is not counted for the model.
        using (var folder = new TemporaryFolder())
        {
            LargeModels.Write(folder.File("small.onnx"), 100_000, 2, "raw");
            OnnxModel.Load(folder.File("small.onnx")).Save(folder.File("saved.onnx"));
        }

        var size = new FileInfo(path).Length + (File.Exists(path + ".data") ? new FileInfo(path + ".data").Length : 0);
        var before = Memory();
        var watch = Stopwatch.StartNew();
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = inspect });
        var loaded = (watch.ElapsedMilliseconds, Memory());
        watch.Restart();
        if (!inspect)
            model.Save(path + ".saved.onnx");
        var saved = (watch.ElapsedMilliseconds, Memory());
        GC.KeepAlive(model);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"size {size} before {before} loaded {loaded.Item2} in {loaded.ElapsedMilliseconds} ms saved {saved.Item2} in "
                    + $"{saved.ElapsedMilliseconds} ms ratio {(saved.Item2 - before) / (double)size:F3}"
            )
        );
    }

    /// <summary>The most memory that the process has had so far, in bytes, pages of mapped files included: VmHWM on Linux.</summary>
    private static long Memory()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }

        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        return Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    private static long Parse(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
