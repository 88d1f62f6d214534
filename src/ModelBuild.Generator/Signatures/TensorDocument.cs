using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the JSON of an input or output in a signature file.</summary>
[DataContract]
internal sealed class TensorDocument
{
    [DataMember(Name = SignatureFields.Name)]
    public string? Name { get; set; }

    [DataMember(Name = SignatureFields.Member)]
    public string? Member { get; set; }

    [DataMember(Name = SignatureFields.Kind)]
    public string? Kind { get; set; }

    [DataMember(Name = SignatureFields.Type)]
    public string? Type { get; set; }

    [DataMember(Name = SignatureFields.Rank)]
    public int? Rank { get; set; }

    [DataMember(Name = SignatureFields.Shape)]
    public DimensionDocument[]? Shape { get; set; }

    [DataMember(Name = SignatureFields.Scores)]
    public string? Scores { get; set; }
}
