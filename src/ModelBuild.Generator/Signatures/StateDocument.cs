using System.Runtime.Serialization;

namespace ModelBuild.Generator.Signatures;

/// <summary>Represents the JSON of a state in a signature file.</summary>
[DataContract]
internal sealed class StateDocument
{
    [DataMember(Name = SignatureFields.Output)]
    public string? Output { get; set; }

    [DataMember(Name = SignatureFields.Input)]
    public string? Input { get; set; }
}
