using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the JSON document of a signature file. Every member may be missing.</summary>
[DataContract]
internal sealed class SignatureDocument
{
    [DataMember(Name = SignatureFields.Schema)]
    public int? Schema { get; set; }

    [DataMember(Name = SignatureFields.ClassName)]
    public string? ClassName { get; set; }

    [DataMember(Name = SignatureFields.Options)]
    public Dictionary<string, string?>? Options { get; set; }

    [DataMember(Name = SignatureFields.Descriptions)]
    public DescriptionDocument[]? Descriptions { get; set; }

    [DataMember(Name = SignatureFields.Model)]
    public string? Model { get; set; }

    [DataMember(Name = SignatureFields.Description)]
    public string? Description { get; set; }

    [DataMember(Name = SignatureFields.Deploy)]
    public string? Deploy { get; set; }

    [DataMember(Name = SignatureFields.Path)]
    public string? Path { get; set; }

    [DataMember(Name = SignatureFields.Stages)]
    public string[]? Stages { get; set; }

    [DataMember(Name = SignatureFields.Hash)]
    public string? Hash { get; set; }

    [DataMember(Name = SignatureFields.Providers)]
    public string[]? Providers { get; set; }

    [DataMember(Name = SignatureFields.Labels)]
    public string[]? Labels { get; set; }

    [DataMember(Name = SignatureFields.Inputs)]
    public TensorDocument[]? Inputs { get; set; }

    [DataMember(Name = SignatureFields.Outputs)]
    public TensorDocument[]? Outputs { get; set; }

    [DataMember(Name = SignatureFields.States)]
    public StateDocument[]? States { get; set; }
}
