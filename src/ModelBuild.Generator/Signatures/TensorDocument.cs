using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>The JSON of an input or output.</summary>
[DataContract]
internal sealed class TensorDocument
{
    [DataMember(Name = "name")]
    public string? Name { get; set; }

    [DataMember(Name = "member")]
    public string? Member { get; set; }

    [DataMember(Name = "kind")]
    public string? Kind { get; set; }

    [DataMember(Name = "type")]
    public string? Type { get; set; }

    [DataMember(Name = "rank")]
    public int? Rank { get; set; }

    [DataMember(Name = "shape")]
    public DimensionDocument[]? Shape { get; set; }

    [DataMember(Name = "scores")]
    public string? Scores { get; set; }
}
