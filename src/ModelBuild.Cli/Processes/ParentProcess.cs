using System.Text;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Processes;

/// <summary>Reads the request of the process that started this one.</summary>
internal static class ParentProcess
{
    /// <summary>The character that ends a request.</summary>
    public const char EndOfRequest = '\0';

    /// <summary>
    /// Reads the request from the standard input. From then on this process ends when the standard input ends, which happens when the parent process has ended.
    /// </summary>
    /// <exception cref="CompressionException">MB1013: the standard input has no request.</exception>
    public static T ReadRequest<T>()
        where T : class
    {
        var reader = new StreamReader(Console.OpenStandardInput(), ChildProcess.Encoding);
        var text = new StringBuilder();
        for (int next; (next = reader.Read()) >= 0 && next != EndOfRequest; )
            text.Append((char)next);
        var request =
            JsonText.TryRead<T>(text.ToString())
            ?? throw new CompressionException(Codes.ProgramFailed, "This command reads a request that the program itself writes.");
        new Thread(() => EndWith(reader)) { IsBackground = true, Name = "parent" }.Start();
        return request;
    }

    private static void EndWith(StreamReader reader)
    {
        while (reader.Read() >= 0)
        {
            // The parent process sends nothing after the request. The loop ends when the parent closes the stream or ends.
        }

        Environment.Exit(ExitCode.Failed);
    }
}
