namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Runs calls in parallel and processes their results in the order of the samples, so that the results do not depend on the number of threads.
/// </summary>
internal static class OrderedCalls
{
    /// <summary>Runs all calls. At most <paramref name="threads"/> calls, and one more that is being read, are in memory.</summary>
    /// <param name="calls">The samples, or values derived from them. The calling thread reads them.</param>
    /// <param name="threads">The number of parallel calls.</param>
    /// <param name="run">Runs one call on any thread.</param>
    /// <param name="take">Processes one result on the calling thread, in order.</param>
    public static void Run<TCall, T>(IEnumerable<TCall> calls, int threads, Func<TCall, T> run, Action<T> take)
    {
        var running = new Queue<Task<T>>();
        try
        {
            foreach (var call in calls)
            {
                if (running.Count >= threads)
                    take(running.Dequeue().GetAwaiter().GetResult());
                running.Enqueue(Task.Run(() => run(call)));
            }

            while (running.TryDequeue(out var next))
                take(next.GetAwaiter().GetResult());
        }
        finally
        {
            // If a call fails, the other running calls must end before their resources are disposed. The first exception is already propagating.
            foreach (var task in running)
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }
}
