namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Runs calls side by side and takes their results in the order of the samples, so that the parallelism leaves no trace in them.</summary>
internal static class OrderedCalls
{
    /// <summary>Runs all samples. At most <paramref name="threads"/> of them are in memory, and one more that is being read.</summary>
    /// <param name="samples">The samples, read by the calling thread.</param>
    /// <param name="threads">How many calls run side by side.</param>
    /// <param name="run">Runs one; called from several threads.</param>
    /// <param name="take">Takes one result; called from the calling thread, in order.</param>
    public static void Run<T>(IEnumerable<Sample> samples, int threads, Func<Sample, T> run, Action<T> take)
    {
        var running = new Queue<Task<T>>();
        try
        {
            foreach (var sample in samples)
            {
                if (running.Count >= threads)
                    take(running.Dequeue().GetAwaiter().GetResult());
                running.Enqueue(Task.Run(() => run(sample)));
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
