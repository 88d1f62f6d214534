using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects CPUs, mostly Arm, through XNNPACK. A property that is null has the default of the provider.</summary>
public sealed record XnnpackProvider() : ModelProvider("xnnpack")
{
    /// <summary>Gets the number of threads of XNNPACK itself.</summary>
    public int? Threads { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("intra_op_num_threads", Threads);
    }
}
