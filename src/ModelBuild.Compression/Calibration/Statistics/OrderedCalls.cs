namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Runs calls side by side and takes their results in the order of the samples, so that the parallelism leaves no trace in them.</summary>
internal static class OrderedCalls
{
    /// <summary>Runs all calls. At most <paramref name="threads"/> of them are in memory, and one more that is being read.</summary>
    /// <param name="calls">The samples, or what is made of them, read by the calling thread.</param>
    /// <param name="threads">How many calls run side by side.</param>
    /// <param name="run">Runs one; called from several threads.</param>
    /// <param name="take">Takes one result; called from the calling thread, in order.</param>
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
            // What they run on must outlive them; the first failure is on its way already.
            foreach (var task in running)
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }
}
