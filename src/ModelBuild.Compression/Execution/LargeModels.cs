using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Releases the memory of large models, and moves their weights to mapped files.</summary>
internal static class LargeModels
{
    private const long WorthCollecting = 16 << 20;
    private const long WorthMoving = 32 << 20;
    private const int LargeTensor = 1 << 20;

    /// <summary>Returns the size of the main graph's initializers in bytes.</summary>
    public static long WeightBytes(OnnxModel model) => model.Proto.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);

    /// <summary>
    /// Returns unused memory to the operating system if its size is large. The garbage collector does not notice memory that sessions allocate outside its
    /// heap, and would keep unused memory of its own. glibc keeps memory that a session has freed, although later sessions of other sizes cannot use it.
    /// </summary>
    /// <param name="bytes">The approximate size of the unused memory in bytes: the size of a model.</param>
    public static void CollectAfterRelease(long bytes)
    {
        if (bytes <= WorthCollecting)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }

    /// <summary>
    /// Moves the weights that a step created in a large model from the heap to a mapped file. Otherwise all weights would be on the heap by the end of a
    /// recipe.
    /// </summary>
    public static void MoveToMappedFile(OnnxModel model)
    {
        if (WeightBytes(model) <= WorthMoving)
            return;
        var moved = 0L;
        foreach (var tensor in model.Proto.Graph.Initializer)
            if (tensor.RawData.Length >= LargeTensor && tensor.MoveToFile())
                moved += tensor.RawData.Length;
        model.ReleaseWeights();
        CollectAfterRelease(moved);
    }
}
