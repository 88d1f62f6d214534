using System.Diagnostics;
using System.Globalization;
using System.Text;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Measuring;

/// <summary>
/// Starts this program as a child process that measures. The memory of the child is that of its models, and a crash of ONNX Runtime ends only the child.
/// </summary>
/// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
internal sealed class MeasuringProcess(string? onnxRuntime)
{
    /// <summary>The name of the command that measures.</summary>
    public const string Command = "measure";

    /// <summary>The encoding of requests and answers, which may have paths with any characters.</summary>
    public static readonly Encoding Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Runs a request to its end.</summary>
    /// <exception cref="CompressionException">MB1048: the child process crashed; other codes: the child process reports an error.</exception>
    public MeasureAnswer Run(MeasureRequest request, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo())!;
        using var cancelled = cancellationToken.Register(() => Kill(process));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Send(process, JsonText.Of(request));
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        var answer = JsonText.TryRead<MeasureAnswer>(output.GetAwaiter().GetResult());
        if (answer?.Failure is { } failure)
            throw new CompressionException(failure.Code, failure.Text, failure.File);
        return answer ?? throw Crashed(process.ExitCode, error.GetAwaiter().GetResult(), request.Models);
    }

    private ProcessStartInfo StartInfo()
    {
        // The program runs as `dotnet modelbuild.dll`, or by the executable file of the tool.
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Encoding,
            StandardOutputEncoding = Encoding,
        };
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "modelbuild.dll"));
        start.ArgumentList.Add(Command);
        if (onnxRuntime is not null)
        {
            start.ArgumentList.Add("--onnxruntime");
            start.ArgumentList.Add(onnxRuntime);
        }

        return start;
    }

    private static void Send(Process process, string text)
    {
        try
        {
            process.StandardInput.Write(text);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child process ended before it read the request. Its exit code is reported.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // The child process has ended already.
        }
    }

    private static CompressionException Crashed(int exitCode, string error, IReadOnlyList<string> models)
    {
        var last = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return new CompressionException(
            Codes.MeasurementFailed,
            string.Create(CultureInfo.InvariantCulture, $"The process that ran the model ended with exit code {exitCode} before it had measured")
                + (last is null ? "" : $" ({last})")
                + ". ONNX Runtime crashed, or memory was too small: try fewer rows with --batch, another --provider, or another --onnxruntime.",
            models.Count == 1 ? models[0] : null
        );
    }
}
