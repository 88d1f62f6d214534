using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the states of a model and the arguments of a call of its stream.</summary>
internal sealed record StreamPlan(EquatableArray<StateMember> States, CallPlan Call);
