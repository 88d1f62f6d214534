using System.ComponentModel;
using System.Diagnostics;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Processes;

/// <summary>Runs a program of the machine, such as <c>sbatch</c>.</summary>
internal static class ExternalProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program to its end. A program that does not end in a minute is killed and counts as failed.</summary>
    /// <param name="name">The name of the program.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="input">The standard input.</param>
    /// <exception cref="CompressionException">MB1005: the machine has no such program.</exception>
    public static ProcessEnd Run(string name, IEnumerable<string> arguments, string input = "")
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            Send(process, input);
            if (!process.WaitForExit(Patience))
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new ProcessEnd(output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult(), process.ExitCode, Exceeded: null);
        }
        catch (Win32Exception exception)
        {
            throw new CompressionException(
                Codes.UnknownOption,
                $"The program {name} cannot be started: {exception.Message}. Run the command where it is installed.",
                inner: exception
            );
        }
    }

    private static void Send(Process process, string input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended before it read its whole input. Its exit code is reported later.
        }
    }
}
