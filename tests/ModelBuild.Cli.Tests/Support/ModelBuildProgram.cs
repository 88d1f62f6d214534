using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>The built program, started as a person or a build starts it.</summary>
/// <param name="folder">The working folder.</param>
internal sealed partial class ModelBuildProgram(TemporaryFolder folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["MODELBUILD_ONNXRUNTIME"] = OnnxRuntimeFolder,
        // Most runs are so short that optimized compilation of loops would take longer than it saves.
        ["DOTNET_TC_QuickJitForLoops"] = "1",
    };

    private string _host = Host();

    /// <summary>A folder with both parts of ONNX Runtime.</summary>
    public static string OnnxRuntimeFolder => AppContext.BaseDirectory;

    /// <summary>The packages that this project was restored from.</summary>
    public static string PackageFolder { get; } = Metadata("PackageFolder");

    /// <summary>The command that starts the program in a shell.</summary>
    public static string CommandLine => $"'{Host()}' '{Metadata("Program")}'";

    /// <summary>The output of a finished run.</summary>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        /// <summary>Standard output as one JSON document.</summary>
        public JsonElement Json
        {
            get
            {
                using var document = JsonDocument.Parse(Output);
                return document.RootElement.Clone();
            }
        }

        /// <summary>The one line of standard error, in MSBuild's canonical form.</summary>
        public void Fails(int exitCode, string code, string file, string message)
        {
            var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal($"{file} : error {code}: ", line[..Math.Min(line.Length, file.Length + code.Length + 11)]);
            Assert.Contains(message, line, StringComparison.Ordinal);
            Assert.DoesNotMatch(StackFrame(), Output + Error);
            Assert.Equal("", Output);
            Assert.Equal(exitCode, ExitCode);
        }
    }

    /// <summary>The same program in a changed environment.</summary>
    public ModelBuildProgram With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>The same program on another host.</summary>
    public ModelBuildProgram On(string host)
    {
        _host = host;
        return this;
    }

    /// <summary>Runs to the end.</summary>
    public Result Run(params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        return Wait(process);
    }

    /// <summary>Starts, with standard input open.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(_host, [Metadata("Program"), .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static Result Wait(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("The program did not end.");
        }

        return new Result(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    // Returns the host that runs the tests, also if the tests are a program with a host of their own.
    public static string Host() =>
        Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")
        );

    private static string Metadata(string key) =>
        typeof(ModelBuildProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;

    [GeneratedRegex(@"^\s+at \S+\(", RegexOptions.Multiline)]
    private static partial Regex StackFrame();
}
