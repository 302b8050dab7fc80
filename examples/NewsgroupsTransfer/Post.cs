namespace NewsgroupsTransfer;

/// <summary>A post.</summary>
/// <param name="Group">The newsgroup's name.</param>
/// <param name="Text">What its author wrote.</param>
internal sealed record Post(string Group, string Text);
