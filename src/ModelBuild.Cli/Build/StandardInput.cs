namespace ModelBuild.Cli.Build;

/// <summary>The program's tie to the build that started it: the build keeps standard input open, and its end, however it comes, closes it.</summary>
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
                // The work was done before the build closed its end.
            }
        })
        {
            IsBackground = true,
            Name = "standard input",
        };
        thread.Start();
    }
}
