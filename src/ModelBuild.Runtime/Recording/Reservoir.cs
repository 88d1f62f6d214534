using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Recording;

/// <summary>
/// Keeps a random selection of all samples, in which each sample has the same chance: algorithm R (Vitter, "Random sampling with a reservoir", 1985). The
/// random number of a sample depends only on how many samples came before it. Therefore a caller needs the lock only for a sample that is kept, and equal
/// calls in the same order give the same selection.
/// </summary>
internal sealed class Reservoir(int max)
{
    private const ulong Seed = 20260721;

    private readonly Lock _placing = new();
    private readonly List<RecordedSample?> _places = [];
    private long _seen;
    private bool _isClosed;

    /// <summary>Gets the number of samples that were added.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Gets the number of samples that are kept.</summary>
    public int Kept
    {
        get
        {
            lock (_placing)
                return _places.Count(sample => sample is not null);
        }
    }

    /// <summary>Adds the samples of a call.</summary>
    /// <param name="call">The call, whose inputs no other thread changes.</param>
    /// <param name="isByRow">Whether each row is a sample; otherwise the whole call is one.</param>
    public void Add(CallTensors call, bool isByRow)
    {
        var count = isByRow ? call.FirstSize : 1;
        var first = Interlocked.Add(ref _seen, count) - count;
        for (var row = 0L; row < count; row++)
            if (PlaceOf(first + row) is { } place)
                Keep(place, RecordedSample.Copy(first + row, call, isByRow ? row : null));
    }

    /// <summary>Ends the selection, so that no further samples are added.</summary>
    /// <returns>The samples in the order in which they were added.</returns>
    public IReadOnlyList<RecordedSample> Close()
    {
        lock (_placing)
        {
            _isClosed = true;
            return [.. _places.OfType<RecordedSample>().OrderBy(sample => sample.Index)];
        }
    }

    // Returns the index at which a sample is kept, or null if it is not kept. The first samples fill the reservoir. A later sample replaces the sample at a
    // random index or is not kept.
    private int? PlaceOf(long index)
    {
        if (index < max)
            return (int)index;
        var place = Math.BigMul(Random(index), (ulong)index + 1, out _);
        return place < (ulong)max ? (int)place : null;
    }

    private void Keep(int place, RecordedSample sample)
    {
        lock (_placing)
        {
            if (_isClosed)
                return;
            while (_places.Count <= place)
                _places.Add(null);
            // Threads can arrive in another order than that of their samples. At each index of the reservoir the latest sample remains, as if the threads had
            // arrived in order.
            if (_places[place] is not { } other || other.Index < sample.Index)
                _places[place] = sample;
        }
    }

    // Returns the number with this index in the sequence of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    private static ulong Random(long index)
    {
        var z = Seed + (((ulong)index + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
