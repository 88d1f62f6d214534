using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Compression.Tests.Training.Workers;

/// <summary>Runs workers that are threads of one process. If a worker throws an exception, the others end.</summary>
/// <param name="size">The number of workers.</param>
internal sealed class ThreadGroup(int size) : IDisposable
{
    private readonly Barrier _barrier = new(size);
    private readonly CancellationTokenSource _ended = new();
    private readonly object[] _messages = new object[size];
    private int _different;

    /// <summary>Gets the number of messages of numbers that differed between the workers before worker 0 sent its own message.</summary>
    public int Different => _different;

    /// <summary>Runs work in each worker, and returns the results in their order.</summary>
    public T[] Run<T>(Func<IWorkerGroup, T> work)
    {
        var results = new T[size];
        var faults = new Exception?[size];
        var threads = Enumerable
            .Range(0, size)
            .Select(rank => new Thread(() =>
            {
                try
                {
                    results[rank] = work(new Member(this, rank));
                }
                catch (Exception exception)
                {
                    faults[rank] = exception;
                    _ended.Cancel();
                }
            }))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return faults.FirstOrDefault(fault => fault is not (null or EndedException)) is { } first ? throw first : results;
    }

    public void Dispose()
    {
        _barrier.Dispose();
        _ended.Dispose();
    }

    // Each worker publishes its message, and the method waits until all workers have read the messages of the others.
    private void Exchange<T>(int rank, Memory<T> own, Action<Memory<T>[]> read)
    {
        try
        {
            _messages[rank] = own;
            _barrier.SignalAndWait(_ended.Token);
            read([.. _messages.Cast<Memory<T>>()]);
            _barrier.SignalAndWait(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            throw new EndedException();
        }
    }

    private sealed class Member(ThreadGroup group, int rank) : IWorkerGroup
    {
        public int Rank => rank;

        public int Size => group._messages.Length;

        public int Threads => 1;

        public int OnMachine => group._messages.Length;

        public bool IsTraining { get; set; }

        public string Transport => "threads";

        public void Sum(Memory<float> values)
        {
            var sums = new float[values.Length];
            group.Exchange(rank, values, all => Array.ForEach(all, one => Add(sums, one.Span)));
            sums.CopyTo(values);
        }

        public void Sum(Memory<double> values)
        {
            var sums = new double[values.Length];
            group.Exchange(rank, values, all => Array.ForEach(all, one => Add(sums, one.Span)));
            sums.CopyTo(values);
        }

        public void Broadcast(Memory<byte> bytes)
        {
            var first = new byte[bytes.Length];
            group.Exchange(rank, bytes, all => all[0].CopyTo(first));
            // If all workers have the same message, it consists of values. In other messages, the places for the bytes that a worker receives are empty.
            if (rank > 0 && bytes.Span.ContainsAnyExcept((byte)0) && !bytes.Span.SequenceEqual(first))
                Interlocked.Increment(ref group._different);
            first.CopyTo(bytes);
        }

        private static void Add<T>(T[] sums, ReadOnlySpan<T> values)
            where T : System.Numerics.INumber<T>
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += values[i];
        }
    }

    private sealed class EndedException : Exception;
}
