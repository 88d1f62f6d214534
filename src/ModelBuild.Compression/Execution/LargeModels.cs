using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Memory of large models.</summary>
internal static class LargeModels
{
    private const long WorthCollecting = 16 << 20;
    private const long WorthParking = 32 << 20;
    private const int LargeTensor = 1 << 20;

    /// <summary>How many bytes the initializers of the main graph take.</summary>
    public static long WeightBytes(OnnxModel model) => model.Proto.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);

    /// <summary>
    /// Gives back what is not needed any more, where that is much: the collector does not see that a session's memory grows outside its heap, and would keep ours beside it;
    /// and glibc keeps what a session has freed, which the next one, of other sizes, does not fill.
    /// </summary>
    /// <param name="bytes">About how much: a model's size.</param>
    public static void LetGo(long bytes)
    {
        if (bytes <= WorthCollecting)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }

    /// <summary>Moves the weights that a step has given a large model out of the heap: by the end they would be there whole, beside all that is measured.</summary>
    public static void Park(OnnxModel model)
    {
        if (WeightBytes(model) <= WorthParking)
            return;
        var parked = 0L;
        foreach (var tensor in model.Proto.Graph.Initializer)
            if (tensor.RawData.Length >= LargeTensor && tensor.MoveToFile())
                parked += tensor.RawData.Length;
        model.ReleaseWeights();
        LetGo(parked);
    }
}
