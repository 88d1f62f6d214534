using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace ModelBuild.Testing;

/// <summary>
/// Waits for conditions that become true at a time that no test can predict. The limit is for hangs alone: no test asserts how long anything takes.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    // The pause between attempts doubles, so that a process that needs time to react to one attempt is not disturbed by the next.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="text">The condition's source text, which the failure shows.</param>
    public static Task IsTrueAsync(Func<bool> condition, CancellationToken cancellationToken, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        WaitAsync(condition, attempt: null, text, cancellationToken);

    /// <summary>Does something until a condition holds, again after growing pauses: what should notice it may not watch yet at the first time.</summary>
    /// <param name="attempt">What should make the condition true.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="text">The condition's source text, which the failure shows.</param>
    public static Task FollowsAsync(
        Action attempt,
        Func<bool> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    ) => WaitAsync(condition, attempt, text, cancellationToken);

    /// <summary>Waits until a running program has brought about a condition.</summary>
    /// <param name="process">The program; the wait fails when it ends before.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="text">The condition's source text, which the failure shows.</param>
    public static Task IsTrueInAsync(
        Process process,
        Func<bool> condition,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    ) =>
        WaitAsync(
            () =>
            {
                var hasExited = process.HasExited;
                var isTrue = condition();
                Assert.True(isTrue || !hasExited, $"The program ended before this was true: {text}");
                return isTrue;
            },
            attempt: null,
            text,
            cancellationToken
        );

    private static async Task WaitAsync(Func<bool> condition, Action? attempt, string text, CancellationToken cancellationToken)
    {
        var all = Stopwatch.StartNew();
        var sinceAttempt = Stopwatch.StartNew();
        var pause = FirstPause;
        attempt?.Invoke();
        while (!condition())
        {
            Assert.True(all.Elapsed < Limit, $"After {Limit.TotalMinutes} minutes this is not true: {text}");
            if (attempt is not null && sinceAttempt.Elapsed > pause)
            {
                attempt();
                pause *= 2;
                sinceAttempt.Restart();
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
