namespace ModelBuild.Cli.Build;

/// <summary>
/// Ends the program when the build that started it ends. The build keeps the program's standard input open, and it is closed when the build ends for any
/// reason.
/// </summary>
internal static class StandardInput
{
    /// <summary>Cancels <paramref name="source"/> when standard input ends.</summary>
    public static void CancelWhenClosed(CancellationTokenSource source)
    {
        var thread = new Thread(() =>
        {
            try
            {
                using var input = Console.OpenStandardInput();
                var buffer = new byte[64];
                while (input.Read(buffer) > 0) { }

                source.Cancel();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The work ended before the build closed the standard input, so there is nothing to cancel.
            }
        })
        {
            IsBackground = true,
            Name = "standard input",
        };
        thread.Start();
    }
}
