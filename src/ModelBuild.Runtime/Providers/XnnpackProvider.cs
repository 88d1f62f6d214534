using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Processors through XNNPACK, mostly Arm.</summary>
public sealed record XnnpackProvider() : ModelProvider("xnnpack")
{
    /// <summary>How many threads of its own XNNPACK uses.</summary>
    public int? Threads { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("intra_op_num_threads", Threads);
    }
}
